"""Texts for synthetic pages, in several scripts: interface words, names, numbers, sentences."""

from dataclasses import dataclass
from random import Random

ENGLISH = (
    "Home Settings Save Cancel Delete Edit Share Copy Paste Open Close New Add Remove Search Filter Sort View Hide "
    "Help Account Profile Messages Inbox Drafts Sent Archive Spam Trash Projects Tasks Calendar Contacts Reports "
    "Dashboard Analytics Billing Invoices Orders Products Customers Team Members Roles Security Privacy Language "
    "Download Upload Import Export Print Refresh Undo Redo Zoom Next Back Continue Finish Submit Apply Reset Logout"
).split()
ENGLISH_PHRASES = (
    "Sign in", "Log out", "Add to cart", "Save as draft", "New folder", "Share link", "Show more", "Learn more",
    "Get started", "Create account", "Mark as read", "Move to trash", "Open in new tab", "Select all", "Find and replace",
    "Keyboard shortcuts", "Recently viewed", "Invite people", "Change password", "Check for updates", "Send feedback",
)  # fmt: skip
GERMAN = (
    "Startseite Einstellungen Speichern Abbrechen Löschen Bearbeiten Teilen Kopieren Einfügen Öffnen Schließen Neu "
    "Hinzufügen Suchen Filtern Ansicht Hilfe Konto Nachrichten Posteingang Entwürfe Kalender Kontakte Berichte Aufgaben "
    "Rechnungen Bestellungen Kunden Sicherheit Sprache Herunterladen Hochladen Drucken Aktualisieren Weiter Zurück"
).split()
FRENCH = (
    "Accueil Paramètres Enregistrer Annuler Supprimer Modifier Partager Copier Ouvrir Fermer Ajouter Rechercher Aide "
    "Compte Messages Brouillons Calendrier Rapports Factures Commandes Équipe Sécurité Télécharger Imprimer Suivant"
).split()
RUSSIAN = (
    "Главная Настройки Сохранить Отмена Удалить Изменить Поделиться Копировать Открыть Закрыть Добавить Поиск Помощь "
    "Профиль Сообщения Входящие Календарь Отчёты Задачи Заказы Безопасность Скачать Печать Далее Назад"
).split()
CHINESE = (
    "首页 设置 保存 取消 删除 编辑 分享 复制 粘贴 打开 关闭 新建 添加 搜索 筛选 查看 帮助 账户 消息 收件箱 草稿 日历 联系人 "
    "报表 任务 订单 商品 客户 团队 安全 语言 下载 上传 打印 刷新 撤销 下一步 返回 提交 退出登录 购物车 我的 发现 通讯录"
).split()
JAPANESE = (
    "ホーム 設定 保存 キャンセル 削除 編集 共有 コピー 開く 閉じる 新規 追加 検索 表示 ヘルプ アカウント メッセージ 受信箱 "
    "カレンダー 連絡先 レポート タスク 注文 セキュリティ 言語 ダウンロード 印刷 更新 次へ 戻る ログアウト お気に入り"
).split()
KOREAN = (
    "홈 설정 저장 취소 삭제 편집 공유 복사 열기 닫기 추가 검색 보기 도움말 계정 메시지 받은편지함 캘린더 연락처 보고서 작업 주문 "
    "보안 언어 다운로드 인쇄 새로고침 다음 뒤로 로그아웃 즐겨찾기"
).split()
ARABIC = (
    "الرئيسية الإعدادات حفظ إلغاء حذف تعديل مشاركة نسخ فتح إغلاق إضافة بحث مساعدة الحساب الرسائل الوارد التقويم "
    "التقارير المهام الطلبات الأمان اللغة تنزيل طباعة تحديث التالي رجوع خروج"
).split()
COMMON = (
    "the of and to in is that it was for on are as with his they at be this from have or by one had not but what all "
    "were when we there can an your which their said if do will each about how up out them then many some so these "
    "would other into has more her two like him see time could no make than first been its who now people my made"
).split()
NAMES = (
    "Anna Berg", "John Smith", "Mei Lin", "Tomás Ruiz", "Aisha Khan", "Olga Petrova", "Kenji Sato", "Lars Holm",
    "Priya Nair", "Chloé Dubois", "Omar Haddad", "Zoë Miller",
)  # fmt: skip
OPERATORS = tuple("= = = + - * / < > == != && | : ? % ~ ... => -> +=".split())
CODE = ("const", "return", "if", "else", "import", "def", "class", "=>", "{", "}", "()", "==", "null", "await", "items")


@dataclass(frozen=True)
class Script:
    """Words of one language as a page uses them."""

    language: str  # BCP 47
    fonts: tuple[str, ...]  # CSS families that have its letters
    words: tuple[str, ...]
    spaced: bool = True  # whether words stand apart
    letters: tuple[tuple[int, int], ...] = ()  # first and last code points, from which any other words are made

    def label(self, rng: Random) -> str:
        """What a button or a row of a menu says: one to three words."""
        if self.language == "en" and rng.random() < 0.4:
            return rng.choice(ENGLISH_PHRASES)
        number = rng.choice((1, 1, 1, 2)) if self.spaced else 1
        return " ".join(self._word(rng) for _ in range(number))

    def _word(self, rng: Random) -> str:
        """A word of the list, or any letters, so that each of them is seen in words."""
        if not self.letters or rng.random() < 0.6:
            return rng.choice(self.words)
        first, last = rng.choice(self.letters)
        return "".join(chr(rng.randint(first, last)) for _ in range(rng.choice((1, 2, 2, 3, 4, 6))))

    def sentence(self, rng: Random, length: int) -> str:
        """Running text of so many words."""
        common = rng.choices((*COMMON, *COMMON, *self.words), k=length) if self.language == "en" else ()
        text = (" " if self.spaced else "").join(common or [self._word(rng) for _ in range(length)])
        return text[:1].upper() + text[1:] + rng.choice((".", ".", "", ":", "!"))


LATIN_FONTS = (
    "Inter", "Roboto", "Open Sans", "Lora", "Montserrat", "Poppins", "Nunito", "Ubuntu", "JetBrains Mono",
    "sans-serif", "serif", "Liberation Sans", "DejaVu Sans",
)  # fmt: skip
CAPITALS, SMALL_LETTERS, DIGITS = (0x41, 0x5A), (0x61, 0x7A), (0x30, 0x39)
CYRILLIC, HAN, HIRAGANA, KATAKANA, HANGUL = (
    (0x410, 0x44F), (0x4E00, 0x9FA5), (0x3041, 0x3093), (0x30A1, 0x30FC), (0xAC00, 0xD7A3),
)  # fmt: skip
SCRIPTS = (
    Script("en", LATIN_FONTS, tuple(ENGLISH), letters=(CAPITALS, SMALL_LETTERS, SMALL_LETTERS, DIGITS)),
    Script("de", LATIN_FONTS, tuple(GERMAN)),
    Script("fr", LATIN_FONTS, tuple(FRENCH)),
    Script("ru", ("Inter", "Roboto", "Open Sans", "DejaVu Sans"), tuple(RUSSIAN), letters=(CYRILLIC,)),
    Script("zh-CN", ("Noto Sans SC",), tuple(CHINESE), spaced=False, letters=(HAN,)),
    Script("ja", ("Noto Sans JP",), tuple(JAPANESE), spaced=False, letters=(HIRAGANA, KATAKANA, KATAKANA)),
    Script("ko", ("Noto Sans KR",), tuple(KOREAN), letters=(HANGUL,)),
    Script("ar", ("Noto Sans Arabic",), tuple(ARABIC)),
)
SHARES = (10, 2, 1, 1.5, 4, 4, 1.5, 1)  # how often a page is in each of them


def number(rng: Random) -> str:
    """A count, a price, a share, a date or a time."""
    return rng.choice(
        (
            str(rng.randrange(1, 10)),
            str(rng.randrange(10, 100)),
            f"{rng.randrange(1, 999):,}",
            f"{rng.randrange(100)}%",
            f"${rng.randrange(1000)}.{rng.randrange(100):02d}",
            f"{rng.randrange(24)}:{rng.randrange(60):02d}",
            f"2026-0{rng.randrange(1, 10)}-{rng.randrange(10, 29)}",
            f"{rng.randrange(99)}+",
            f"+{rng.uniform(0, 20):.1f}%",
        )
    )


def code_line(rng: Random) -> str:
    """A line that looks like source code."""
    parts = [
        rng.choice(OPERATORS) if rng.random() < 0.25 else rng.choice((*CODE, *COMMON[:30]))
        for _ in range(rng.randint(1, 8))
    ]
    return "  " * rng.randrange(4) + " ".join(parts)
