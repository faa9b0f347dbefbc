"""What the pages say, in Vietnamese first."""

from news.language import Language
from web.texts import console_english, console_vietnamese, desk_english, desk_vietnamese
from web.texts.console_names import ConsoleTexts
from web.texts.desk_names import DeskTexts
from web.texts.english import ENGLISH
from web.texts.names import Texts
from web.texts.vietnamese import VIETNAMESE

__all__ = ["CONSOLE", "DESK", "TEXTS", "VIETNAMESE", "ConsoleTexts", "DeskTexts", "Language", "Texts"]

TEXTS = {Language.VIETNAMESE: VIETNAMESE, Language.ENGLISH: ENGLISH}
DESK = {Language.VIETNAMESE: desk_vietnamese.VIETNAMESE, Language.ENGLISH: desk_english.ENGLISH}
CONSOLE = {Language.VIETNAMESE: console_vietnamese.VIETNAMESE, Language.ENGLISH: console_english.ENGLISH}
