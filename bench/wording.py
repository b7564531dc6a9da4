"""The words on drawn pages, in five languages: labels of one to a dozen letters, and sentences."""

from random import Random

LANGUAGES = ("en", "en", "de", "zh", "ja", "ar")  # English twice, as it is on most screens
RIGHT_TO_LEFT = frozenset({"ar"})
WIDE = frozenset({"zh", "ja"})  # languages whose letters are as wide as they are high
LETTER_WIDTH = 0.54  # of the size of the font; what a letter of the other languages takes on average

LABELS: dict[str, tuple[str, ...]] = {
    "en": (
        "Go", "OK", "Pay", "Tips", "Help", "Sent", "Reply", "Inbox", "Drafts", "Orders", "Invite", "Reports",
        "Members", "Projects", "Overview", "Archive", "Add photo", "Try again", "Log in", "My account",
        "Download PDF", "Create invoice", "Team settings", "Recently viewed", "Export as spreadsheet",
        "Manage notifications", "Continue to checkout", "Show all appointments", "Connect another device",
    ),
    "de": (
        "Ja", "Los", "Neu", "Hilfe", "Suche", "Drucken", "Konto", "Kalender", "Entwürfe", "Mitglieder", "Übersicht",
        "Abmelden", "Zurück", "Bestellungen", "Datei öffnen", "Einstellungen", "Ordner anlegen", "Rechnung senden",
        "Benachrichtigungen", "Passwort zurücksetzen", "Zahlungsmethode ändern", "In den Warenkorb legen",
    ),
    "zh": (
        "新建", "保存", "下载", "设置", "首页", "我的", "收件箱", "回收站", "联系人", "个人中心", "数据报表",
        "添加成员", "退出登录", "导出表格", "修改密码", "查看全部订单", "上传本地文件", "邀请同事加入",
        "账户与安全设置",
    ),
    "ja": (
        "追加", "保存", "検索", "ホーム", "設定", "お知らせ", "マイページ", "カレンダー", "下書き", "ごみ箱",
        "メンバー", "ログイン", "印刷する", "お気に入り", "ダウンロード", "請求書を作成", "カートに入れる",
        "パスワードを変更", "すべての注文を見る",
    ),
    "ar": (
        "بحث", "حفظ", "جديد", "الملف", "الرسائل", "الرئيسية", "حسابي", "المفضلة", "الطلبات", "تحميل الملف",
        "الإعدادات", "تسجيل الدخول", "إضافة عضو", "التقارير الشهرية", "سلة المشتريات", "تغيير كلمة المرور",
    ),
}  # fmt: skip
SENTENCES: dict[str, tuple[str, ...]] = {
    "en": (
        "Your changes are visible to everyone in this workspace.",
        "The invoice was sent on Tuesday and is due in fourteen days.",
        "We could not reach the printer. Check the cable and try again.",
    ),
    "de": (
        "Die Änderungen sind für alle im Arbeitsbereich sichtbar.",
        "Der Drucker antwortet nicht. Bitte prüfen Sie das Kabel.",
    ),
    "zh": ("您的修改已对所有成员可见。", "无法连接打印机,请检查线缆后重试。"),
    "ja": ("変更はすべてのメンバーに表示されます。", "プリンターに接続できません。もう一度お試しください。"),
    "ar": ("التغييرات ظاهرة لجميع الأعضاء.", "تعذر الاتصال بالطابعة، حاول مرة أخرى."),
}
CHARACTERS = "文件中大人日本語東国店学生車食名前話見行来出入口山川"  # which stand alone
NAMES = ("Anna Weber", "Tomás Rey", "Li Na", "Yuki Mori", "Omar Saleh", "Ruth Adler", "Ben Cole", "Zoe Park")


def label(rng: Random, language: str, width: float = 0, font_size: float = 14) -> str:
    """A label; if a width, CSS px, is given, the label that comes nearest to it of eight that are drawn."""
    if not width:
        return rng.choice(LABELS[language])
    drawn = [rng.choice(LABELS[language]) for _ in range(8)]
    return min(drawn, key=lambda text: abs(text_width(text, language, font_size) - width))


def text_width(text: str, language: str, font_size: float) -> float:
    """About how wide the text is, CSS px."""
    return len(text) * font_size * (1 if language in WIDE else LETTER_WIDTH)


def letters(language: str) -> str:
    """All letters of the words in this language, and those that stand in any."""
    ascii_letters = "".join(map(chr, range(32, 127)))
    return "".join([*LABELS[language], *SENTENCES[language], CHARACTERS, ascii_letters, "".join(NAMES), "×›»←→↗…⌘⇧"])


def initials(rng: Random) -> str:
    """The first letters of a first and a last name."""
    return "".join(word[0] for word in rng.choice(NAMES).split())
