"""What searches by words look at: the terms of every visible icon, and all terms that there are."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import connection, models, transaction
from django.db.models.functions import Length
from rapidfuzz.distance import OSA

from icons.models import Icon, IconSet
from search.words.tokens import terms

WRITTEN_AT_ONCE = 2_000
SHORT = 4  # letters, up to which one letter at most is taken for wrong, and two in longer words
FEWER = 50  # times as many icons make up for one more wrong letter
MANY = 5  # times as many icons the likeliest word may have for another to be meant as well
GRAM = 3  # letters of the pieces of which a misspelt word has one right at least


class IconTermsQuerySet(models.QuerySet["IconTerms"]):
    def store(self, pks: Sequence[int]) -> int:
        """Write the terms of these icons anew; hidden ones have none. Returns how many were written."""
        fields = ("pk", "set_id", "name", "aliases", "tags", "category", "name_en", "name_zh")
        icons = Icon.objects.visible().filter(pk__in=pks).only(*fields)
        rows = []
        for icon in icons:
            named = terms([icon.name, icon.name_en, icon.name_zh])
            every = dict.fromkeys([*named, *terms([*icon.aliases, *icon.tags, icon.category])])
            rows.append(IconTerms(icon_id=icon.pk, set_id=icon.set_id, named=named, terms=list(every)))
        written = self.bulk_create(
            rows, update_conflicts=True, unique_fields=["icon"], update_fields=["set", "named", "terms"],
            batch_size=WRITTEN_AT_ONCE,
        )  # fmt: skip
        self.filter(icon__in=set(pks) - {row.icon_id for row in rows}).delete()
        Term.objects.know({term for row in rows for term in row.terms})
        return len(written)

    def missing(self) -> models.QuerySet[Icon]:
        """The visible icons whose terms are not stored."""
        return Icon.objects.visible().filter(words=None)


class IconTerms(models.Model):
    """What an icon is found by. A table of its own, short rows, since a common word is in tens of thousands."""

    icon = models.OneToOneField(Icon, on_delete=models.CASCADE, primary_key=True, related_name="words")
    # Kept here too: a word may be one of the icon or one of its set, and only one table can answer that quickly.
    set = models.ForeignKey(IconSet, on_delete=models.CASCADE, related_name="+")
    named = ArrayField(models.TextField(), help_text="The terms of its names.")
    terms = ArrayField(models.TextField(), help_text="These, and those of its tags, category and aliases.")

    objects = IconTermsQuerySet.as_manager()

    class Meta:
        indexes = [GinIndex(fields=["terms"], name="icon_terms")]

    def __str__(self) -> str:
        return " ".join(self.terms)


class TermQuerySet(models.QuerySet["Term"]):
    def begun(self, start: str, most: int, rows: int) -> dict[str, int]:
        """The most frequent terms that begin so, with how many icons have them: no more than `rows` together."""
        found, together = {}, 0
        begun = self.filter(text__startswith=start).order_by("-icons", "text").values_list("text", "icons")
        for text, icons in begun[:most]:
            together += icons
            if found and together > rows:
                break
            found[text] = icons
        return found

    def like(self, word: str, icons: int, most: int) -> list[str]:
        """The terms of at least so many icons that a misspelt word may be, the likeliest first."""
        farthest = 1 if len(word) <= SHORT else 2
        begin = self.filter(icons__gte=icons, grams__overlap=grams(word))
        fits = begin.annotate(size=Length("text")).filter(size__range=(len(word) - farthest, len(word) + farthest))
        worth: dict[int, dict[str, float]] = defaultdict(dict)  # by how many letters are wrong
        for text, number in fits.values_list("text", "icons"):
            distance = OSA.distance(word, text, score_cutoff=farthest)
            if distance <= farthest:
                worth[distance][text] = number / FEWER**distance
        likely = max(worth.values(), key=lambda those: max(those.values()), default={})
        best = max(likely.values(), default=0)
        return sorted((text for text in likely if likely[text] * MANY >= best), key=likely.get, reverse=True)[:most]

    def know(self, texts: Collection[str]) -> None:
        """Add new terms, not yet counted."""
        rows = [Term(text=text, icons=0, grams=grams(text)) for text in sorted(texts)]
        self.bulk_create(rows, ignore_conflicts=True, batch_size=WRITTEN_AT_ONCE)

    def uncounted(self) -> "TermQuerySet":
        return self.filter(icons=0)

    def count_anew(self) -> None:
        """Write the numbers of icons that have the terms, and delete the terms that none has any more."""
        known = dict(self.values_list("text", "icons"))  # read first: what is added meanwhile is not among them
        with connection.cursor() as cursor:
            cursor.execute("SELECT unnest(terms) AS term, count(*) FROM search_iconterms GROUP BY 1")
            counted = dict(cursor.fetchall())
        changed = sorted(text for text, icons in counted.items() if known.get(text) != icons)
        rows = [Term(text=text, icons=counted[text], grams=grams(text)) for text in changed]
        with transaction.atomic():
            self.filter(text__in=known.keys() - counted.keys()).delete()
            self.bulk_create(
                rows, update_conflicts=True, unique_fields=["text"], update_fields=["icons"], batch_size=WRITTEN_AT_ONCE
            )


def grams(word: str) -> list[str]:
    """The pieces of GRAM letters of a word with its ends marked.

    >>> grams("bin")
    ['  b', ' bi', 'bin', 'in ']
    """
    marked = f"  {word} "
    return list(dict.fromkeys(marked[i : i + GRAM] for i in range(len(marked) - GRAM + 1)))


class Term(models.Model):
    text = models.TextField(primary_key=True)
    icons = models.PositiveIntegerField(help_text="That have it.")
    grams = ArrayField(models.TextField())

    objects = TermQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(OpClass("text", "text_pattern_ops"), name="term_beginning"),
            GinIndex(fields=["grams"], name="term_grams"),
        ]

    def __str__(self) -> str:
        return self.text
