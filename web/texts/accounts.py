"""What the pages of accounts say, in Vietnamese first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from news.language import Language
from news.users import PasswordFault, Role
from web.texts.names import Noun


@dataclass(frozen=True, slots=True)
class AccountTexts:
    """The texts of /login, /account and /users in one language."""

    sign_in: str
    by_sso: str
    name: str
    password: str
    wrong: str
    too_often: str  # {seconds}
    sso_failed: str
    sso_unknown: str
    to_staff: str
    account: str
    full_name: str
    role: str
    roles: Mapping[Role, str]
    role_hints: Mapping[Role, str]
    change_password: str
    current_password: str
    new_password: str
    again: str
    password_rules: str  # {shortest}, {longest}
    wrong_password: str
    faults: Mapping[PasswordFault, str]
    not_the_same: str
    no_password: str
    your_sessions: str
    your_sessions_hint: str
    sessions: str
    sessions_of: Noun
    no_sessions: str
    began: str
    seen: str
    this_one: str
    end: str
    end_others: str
    done: Mapping[str, str]  # what was done to one's own account
    users: str
    users_hint: str
    add: str
    add_hint: str
    name_hint: str
    no_name: str
    name_taken: str
    last_login: str
    never: str
    disabled: str
    first_password: str
    first_password_hint: str
    new_user: str
    change_role: str
    disable: str
    disable_hint: str
    enable: str
    enable_hint: str
    reset_password: str
    reset_password_hint: str
    end_sessions: str
    yourself: str
    not_oneself: str
    done_to: Mapping[str, str]  # what was done to another


ACCOUNT_TEXTS: Mapping[Language, AccountTexts] = {
    Language.VIETNAMESE: AccountTexts(
        sign_in="Đăng nhập",
        by_sso="Đăng nhập một lần (SSO)",
        name="Tên đăng nhập",
        password="Mật khẩu",
        wrong="Tên đăng nhập hoặc mật khẩu không đúng.",
        too_often="Đã thử quá nhiều lần. Xin đợi {seconds} giây rồi thử lại.",
        sso_failed="Đăng nhập một lần không thành. Xin thử lại; nếu vẫn không được, hỏi người quản trị.",
        sso_unknown="Bạn chưa có tài khoản ở đây. Xin hỏi người quản trị.",
        to_staff="Dành cho biên tập viên và người vận hành. Quên mật khẩu thì hỏi người quản trị.",
        account="Tài khoản",
        full_name="Họ và tên",
        role="Vai trò",
        roles={
            Role.READER: "Người đọc",
            Role.EDITOR: "Biên tập viên",
            Role.OPERATOR: "Người vận hành",
            Role.ADMIN: "Người quản trị",
        },
        role_hints={
            Role.READER: "đọc, cả khi trang không mở cho mọi người",
            Role.EDITOR: "làm việc ở bàn biên tập",
            Role.OPERATOR: "trông coi việc thu thập",
            Role.ADMIN: "mọi việc, cả quản lý người dùng",
        },
        change_password="Đổi mật khẩu",
        current_password="Mật khẩu hiện tại",
        new_password="Mật khẩu mới",
        again="Mật khẩu mới, lần nữa",
        password_rules="Từ {shortest} đến {longest} ký tự, không trùng tên đăng nhập. Một câu ngắn dễ nhớ là tốt nhất. "
        "Đổi xong, các phiên khác của bạn sẽ kết thúc.",
        wrong_password="Mật khẩu hiện tại không đúng.",
        faults={
            PasswordFault.SHORT: "Mật khẩu mới quá ngắn.",
            PasswordFault.LONG: "Mật khẩu mới quá dài.",
            PasswordFault.OWN_NAME: "Mật khẩu không được trùng tên đăng nhập.",
        },
        not_the_same="Hai lần nhập mật khẩu mới không giống nhau.",
        no_password="Bạn đăng nhập bằng SSO nên không có mật khẩu ở đây.",
        your_sessions="Phiên đăng nhập",
        your_sessions_hint="Phiên nào không phải của bạn thì kết thúc phiên đó và đổi mật khẩu.",
        sessions="Phiên",
        sessions_of=("phiên", "phiên"),
        no_sessions="Không có phiên nào.",
        began="đăng nhập lúc",
        seen="dùng lần cuối",
        this_one="phiên này",
        end="Kết thúc",
        end_others="Kết thúc mọi phiên khác",
        done={
            "password": "Đã đổi mật khẩu; các phiên khác đã kết thúc.",
            "session": "Đã kết thúc phiên.",
            "sessions": "Đã kết thúc mọi phiên khác.",
        },
        users="Người dùng",
        users_hint="Những người được vào làm việc, và mỗi người được làm gì.",
        add="Thêm người dùng",
        add_hint="Mật khẩu đầu tiên được tạo sẵn và chỉ hiện một lần.",
        name_hint="2–40 ký tự: chữ thường không dấu, số, dấu chấm, gạch nối, gạch dưới.",
        no_name="Tên đăng nhập không hợp lệ.",
        name_taken="Đã có người dùng với tên đăng nhập này.",
        last_login="Đăng nhập lần cuối",
        never="chưa lần nào",
        disabled="đã khóa",
        first_password="Mật khẩu",
        first_password_hint="Chép lại ngay: mật khẩu này không hiện lại lần nữa. Người dùng nên đổi ở trang Tài khoản.",
        new_user="Người dùng mới",
        change_role="Đổi vai trò",
        disable="Khóa tài khoản",
        disable_hint="Không đăng nhập được nữa, mọi phiên kết thúc; những gì người này đã làm vẫn còn.",
        enable="Mở khóa",
        enable_hint="Đăng nhập lại được bằng mật khẩu cũ.",
        reset_password="Đặt lại mật khẩu",
        reset_password_hint="Tạo mật khẩu mới, hiện một lần; mọi phiên kết thúc.",
        end_sessions="Kết thúc mọi phiên",
        yourself="Đây là bạn: vai trò và quyền vào của mình do người quản trị khác thay đổi.",
        not_oneself="Không thể tự đổi vai trò, tự khóa hay tự đặt lại mật khẩu của mình ở đây.",
        done_to={
            "role": "Đã đổi vai trò.",
            "disabled": "Đã khóa tài khoản.",
            "enabled": "Đã mở khóa.",
            "sessions": "Đã kết thúc mọi phiên.",
        },
    ),
    Language.ENGLISH: AccountTexts(
        sign_in="Sign in",
        by_sso="Single sign-on",
        name="User name",
        password="Password",
        wrong="The user name or the password is wrong.",
        too_often="Too many attempts. Wait {seconds} seconds, and try again.",
        sso_failed="Single sign-on did not succeed. Try again; if it still fails, ask an administrator.",
        sso_unknown="You have no account here. Ask an administrator.",
        to_staff="For editors and operators. Who forgot the password asks an administrator.",
        account="Account",
        full_name="Full name",
        role="Role",
        roles={
            Role.READER: "Reader",
            Role.EDITOR: "Editor",
            Role.OPERATOR: "Operator",
            Role.ADMIN: "Administrator",
        },
        role_hints={
            Role.READER: "reads, also where not everybody may",
            Role.EDITOR: "works at the editors' desk",
            Role.OPERATOR: "looks after the crawls",
            Role.ADMIN: "everything, users too",
        },
        change_password="Change password",
        current_password="Current password",
        new_password="New password",
        again="New password again",
        password_rules="{shortest} to {longest} characters, and not your user name. A short sentence that you remember "
        "is best. Your other sessions end when it is changed.",
        wrong_password="The current password is wrong.",
        faults={
            PasswordFault.SHORT: "The new password is too short.",
            PasswordFault.LONG: "The new password is too long.",
            PasswordFault.OWN_NAME: "The password must not be your user name.",
        },
        not_the_same="The new password was not typed the same twice.",
        no_password="You sign in by single sign-on and have no password here.",
        your_sessions="Sessions",
        your_sessions_hint="If one is not yours, end it and change your password.",
        sessions="Sessions",
        sessions_of=("session", "sessions"),
        no_sessions="There are none.",
        began="signed in",
        seen="last used",
        this_one="this one",
        end="End",
        end_others="End all others",
        done={
            "password": "The password is changed; the other sessions have ended.",
            "session": "The session has ended.",
            "sessions": "All other sessions have ended.",
        },
        users="Users",
        users_hint="Who may come in to work, and what each may do.",
        add="Add a user",
        add_hint="The first password is made up, and shown once.",
        name_hint="2–40 characters: small letters without marks, digits, dots, hyphens, underscores.",
        no_name="That is no user name.",
        name_taken="There is a user of that name.",
        last_login="Last sign-in",
        never="never",
        disabled="disabled",
        first_password="Password",
        first_password_hint="Copy it now: it is not shown again. The user had better change it on the page Account.",
        new_user="New user",
        change_role="Change role",
        disable="Disable",
        disable_hint="No more signing in, and all sessions end; what this user did stays.",
        enable="Enable",
        enable_hint="May sign in again, with the password of before.",
        reset_password="Reset password",
        reset_password_hint="Makes up a new one, shown once; all sessions end.",
        end_sessions="End all sessions",
        yourself="This is you: your role and your access are for another administrator to change.",
        not_oneself="You cannot change your own role, disable yourself or reset your own password here.",
        done_to={
            "role": "The role is changed.",
            "disabled": "The account is disabled.",
            "enabled": "The account is enabled.",
            "sessions": "All sessions have ended.",
        },
    ),
}
