"""What the pages say, in Vietnamese first."""

from web.texts.english import ENGLISH
from web.texts.names import Language, Texts
from web.texts.vietnamese import VIETNAMESE

__all__ = ["TEXTS", "VIETNAMESE", "Language", "Texts"]

TEXTS = {Language.VIETNAMESE: VIETNAMESE, Language.ENGLISH: ENGLISH}
