"""The tables that a search by words reads: the terms of every visible icon, and how many icons have each term."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import connection, models, transaction
from django.db.models.functions import Length
from rapidfuzz.distance import OSA

from icons.models import Icon, IconSet
from search.words.tokens import index_terms
from search.words.wholes import wholes_of

VERSION = 1  # of what is stored of an icon; a sweep writes rows of another version anew
ROWS_PER_INSERT = 2_000
SHORT_WORD = 4  # letters; up to this length a word may have one wrong letter, a longer word two
LETTER_WORTH = 50  # a spelling with one more wrong letter must have 50 times as many icons to be as likely
RIVAL_WORTH = 5  # a spelling that is up to 5 times less likely than the likeliest one may be meant as well
GRAM_LENGTH = 3  # letters; a misspelt word and the word meant have at least one piece of this length in common


class IconTermsQuerySet(models.QuerySet["IconTerms"]):
    """Rows of terms, one for each visible icon."""

    def store(self, pks: Sequence[int]) -> int:
        """Write the terms of these icons anew and delete those of hidden icons; returns how many rows were written."""
        fields = ("pk", "set_id", "name", "aliases", "tags", "category", "name_en", "name_zh")
        icons = Icon.objects.visible().filter(pk__in=pks).only(*fields)
        rows = []
        for icon in icons:
            named = index_terms([icon.name, icon.name_en, icon.name_zh])
            terms = dict.fromkeys([*named, *index_terms([*icon.aliases, *icon.tags, icon.category])])
            wholes = wholes_of([icon.name, *icon.aliases], [icon.name_en, icon.name_zh])
            rows.append(
                IconTerms(
                    icon_id=icon.pk, set_id=icon.set_id, named=named, terms=list(terms), wholes=wholes, version=VERSION
                )
            )
        written = IconTerms.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["icon"],
            update_fields=["set", "named", "terms", "wholes", "version"], batch_size=ROWS_PER_INSERT,
        )  # fmt: skip
        self.filter(icon__in=set(pks) - {row.icon_id for row in rows}).delete()
        Term.objects.add({term for row in rows for term in row.terms})
        return len(written)

    def missing(self) -> models.QuerySet[Icon]:
        """The visible icons whose terms are not stored, or were stored by another version."""
        return Icon.objects.visible().exclude(words__version=VERSION)

    def in_use(self, terms: Iterable[str]) -> set[str]:
        """Those of a few terms that an icon has now, whatever was counted last."""
        return {term for term in terms if self.any_has([term])}

    def any_in_use(self, terms: Iterable[str]) -> bool:
        """Whether an icon has one of a few terms now, the most frequent of which come first."""
        return any(self.any_has([term]) for term in terms)

    def any_has(self, terms: Sequence[str]) -> bool:
        """Whether an icon has all of these terms now."""
        # Planned on its own, the inner query uses the index: for the sake of one row, the planner would read the table.
        sql = (
            "WITH holder AS MATERIALIZED (SELECT FROM search_iconterms WHERE terms @> %s::text[])"
            " SELECT EXISTS (SELECT FROM holder)"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [list(terms)])
            return bool(cursor.fetchone()[0])


class IconTerms(models.Model):
    """The terms that an icon is found by.

    They have a table of their own because its rows are short: a search for a common word reads tens of thousands.
    A trigger of the database notes every write to this table as a `TermsChange`.
    """

    icon = models.OneToOneField(Icon, on_delete=models.CASCADE, primary_key=True, related_name="words")
    # The set is repeated here because a word may be one of the icon or one of its set: with both in one table,
    # one index scan answers.
    set = models.ForeignKey(IconSet, on_delete=models.CASCADE, related_name="+")
    named = ArrayField(models.TextField(), help_text="The terms of the icon's names.")
    terms = ArrayField(models.TextField(), help_text="The terms of its names, tags, category and aliases.")

    wholes = ArrayField(models.TextField(), default=list, help_text="What the icon is called altogether.")
    version = models.PositiveSmallIntegerField(default=0, help_text="The VERSION that stored the row.")

    objects = IconTermsQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(fields=["terms"], name="icon_terms"),
            GinIndex(fields=["wholes"], name="icon_wholes"),
        ]

    def __str__(self) -> str:
        return " ".join(self.terms)


class TermsChange(models.Model):
    """A note that IconTerms were written or deleted since the terms were counted.

    A trigger of the database adds it (see the migration `terms_change`), in the transaction of the write. So no way
    to change icons is missed: neither bulk writes nor cascades, for which Django sends no signals.
    """

    def __str__(self) -> str:
        return f"Change {self.pk}"


class TermQuerySet(models.QuerySet["Term"]):
    """All terms of all icons, to complete a word that somebody is typing and to correct a misspelt one."""

    def starting_with(self, start: str, max_terms: int, max_icons: int) -> dict[str, int]:
        """The terms that begin like this, the most frequent first, and the number of icons that have each.

        Stops at `max_terms`, or before the terms have more than `max_icons` icons together; the first one is kept.
        """
        counts: dict[str, int] = {}
        total = 0
        terms = self.filter(text__startswith=start).order_by("-icons", "text").values_list("text", "icons")
        for text, icons in terms[:max_terms]:
            total += icons
            if counts and total > max_icons:
                break
            counts[text] = icons
        return counts

    def corrections(self, word: str, min_icons: int, limit: int) -> list[str]:
        """The terms that a misspelt word may mean, the likeliest first; only terms that an icon has now.

        `min_icons` is the number of icons that a correction must have, as counted last.
        """
        max_distance = 1 if len(word) <= SHORT_WORD else 2
        lengths = {"size__gte": len(word) - max_distance, "size__lte": len(word) + max_distance}
        terms = self.filter(icons__gte=min_icons, grams__overlap=grams(word)).annotate(size=Length("text"))
        icons = dict(terms.filter(**lengths).values_list("text", "icons"))
        distances = {text: OSA.distance(word, text, score_cutoff=max_distance) for text in icons}
        worth = {
            text: (distance, icons[text] / LETTER_WORTH**distance)
            for text, distance in distances.items()
            if distance <= max_distance
        }
        while likeliest := _likeliest(worth)[:limit]:
            gone = set(likeliest) - IconTerms.objects.in_use(likeliest)
            if not gone:
                break
            worth = {text: value for text, value in worth.items() if text not in gone}
        return likeliest

    def add(self, texts: Collection[str]) -> None:
        """Add the terms that are new. They count as rare until the terms are counted."""
        rows = [Term(text=text, icons=0, grams=grams(text)) for text in sorted(texts)]
        Term.objects.bulk_create(rows, ignore_conflicts=True, batch_size=ROWS_PER_INSERT)

    def recount(self) -> bool:
        """Count the icons of all terms, if any icon's terms have changed since; returns whether they were counted.

        Terms that no icon has any more are deleted.
        """
        with transaction.atomic():
            # Deleted before the terms are counted, so that a change during the count is noted for the next one.
            if not TermsChange.objects.all().delete()[0]:
                return False
            known = dict(self.values_list("text", "icons"))  # read first: terms added from now on are not deleted
            with connection.cursor() as cursor:
                cursor.execute("SELECT unnest(terms) AS term, count(*) FROM search_iconterms GROUP BY 1")
                counts: dict[str, int] = dict(cursor.fetchall())
            changed = sorted(text for text, icons in counts.items() if known.get(text) != icons)
            rows = [Term(text=text, icons=counts[text], grams=grams(text)) for text in changed]
            self.filter(text__in=known.keys() - counts.keys()).delete()
            Term.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=["text"], update_fields=["icons"], batch_size=ROWS_PER_INSERT
            )
        return True


def grams(word: str) -> list[str]:
    """The pieces of GRAM_LENGTH letters of a word whose ends are marked by spaces.

    >>> grams("bin")
    ['  b', ' bi', 'bin', 'in ']
    """
    marked = f"  {word} "
    return list(dict.fromkeys(marked[i : i + GRAM_LENGTH] for i in range(len(marked) - GRAM_LENGTH + 1)))


def _likeliest(worth: Mapping[str, tuple[int, float]]) -> list[str]:
    """The likeliest spellings, given for each its distance in letters and its worth.

    They all have the distance of the worthiest one, which comes first.
    """
    by_distance: dict[int, dict[str, float]] = defaultdict(dict)
    for text, (distance, value) in worth.items():
        by_distance[distance][text] = value
    likely = max(by_distance.values(), key=lambda spellings: max(spellings.values()), default={})
    best = max(likely.values(), default=0.0)
    return sorted((text for text in likely if likely[text] * RIVAL_WORTH >= best), key=lambda text: -likely[text])


class Term(models.Model):
    """A term that icons have or had, with the number of visible icons that have it, as counted last."""

    text = models.TextField(primary_key=True)
    icons = models.PositiveIntegerField(help_text="The number of visible icons that have this term.")
    grams = ArrayField(models.TextField(), help_text="The pieces by which a misspelt word finds this term.")

    objects = TermQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(OpClass("text", "text_pattern_ops"), name="term_beginning"),
            GinIndex(fields=["grams"], name="term_grams"),
        ]

    def __str__(self) -> str:
        return self.text
