"""An article of running news for tests to copy, and the form of a notice for them to fill in."""

from __future__ import annotations

from datetime import date

from news.dedupe.likeness import Text

DAY = date(2025, 3, 5)
NEWS = Text(
    "Chợ nổi Vàm Xáng dời bến, tiểu thương mừng và lo",
    "Sau ba tháng bàn bạc, hơn trăm ghe hàng ở chợ nổi Vàm Xáng đã về bến mới cách chỗ cũ chừng hai cây số.",
    "Trời chưa sáng hẳn, bà Sáu Lành đã chống ghe khoai lang ra đầu vàm. Bến mới rộng, có cầu phao và trạm "
    "xăng, nhưng khách quen thì vẫn còn lạ nước lạ cái.\n"
    "Theo ban quản lý, bến cũ nằm ngay khúc sông cong, mùa nước đổ năm nào cũng có vài chiếc ghe va vào mố "
    "cầu. Đợt sạt lở hồi tháng chín cuốn mất gần bốn mươi mét bờ kè, buộc địa phương phải tính chuyện dời "
    "chợ.\n"
    "Ông Út Mừng, người giữ sổ hụi của xóm ghe, kể rằng lúc đầu ai cũng ngại. Dời bến là dời cả mối lái, dời "
    "luôn chỗ neo mà cha mẹ để lại. Phải mời từng nhà uống trà, nghe từng nhà than thở rồi mới gỡ dần từng "
    "mối.\n"
    "Đến nay 112 ghe đã nhận chỗ neo bằng cách bốc thăm. Ai bán rau củ nằm phía thượng lưu, ai bán hàng ăn "
    "nằm gần cầu phao để du khách bước xuống cho tiện. Phí neo đậu được miễn trong sáu tháng đầu.\n"
    "Cái lo của bà con bây giờ là rác và tiếng máy. Xuồng chở khách chạy nhanh làm sóng đánh tràn ghe nhỏ, "
    "còn rác thì theo con nước ròng dồn hết về phía nhà bè. Ban quản lý hứa đặt phao giảm tốc và thuê hai "
    "chiếc vỏ lãi đi vớt rác mỗi ngày.\n"
    "Trưa, nước lớn, ghe khoai của bà Sáu vơi được phân nửa. Bà cười, nói chợ ở đâu thì người ta cũng phải "
    "ăn, miễn con nước còn lên thì chợ còn đông.",
    DAY,
)  # fmt: skip
OTHER = Text(
    "Lớp học vẽ của thầy giáo về hưu giữa bản Lùng",
    "Mỗi chiều thứ bảy, sân nhà thầy Páo lại đầy giấy màu và tiếng trẻ con.",
    "Thầy dạy toán ba mươi năm, chưa từng học vẽ ngày nào. Lúc nghỉ hưu, thầy mượn sách của đứa cháu ngoài "
    "thị xã, tự tập tô bóng quả bí, cái cối, con trâu nằm.\n"
    "Bọn trẻ ban đầu đến vì tò mò, sau thì đến vì được lấm lem mà không ai mắng. Giấy là mặt sau của lịch cũ, "
    "màu nghiền từ lá cơm nếp, củ nghệ, đất đỏ ven suối.\n"
    "Cuối năm ngoái, nhóm bạn trẻ dưới xuôi mang hơn chục bức tranh về trưng bày. Tiền bán tranh đủ mua một "
    "mái che cho sân và hai thùng sách. Thầy bảo, vẽ đẹp hay xấu không quan trọng, quan trọng là các em chịu "
    "ngồi yên nhìn một cái lá thật lâu.",
    DAY,
)  # fmt: skip


def notice(number: int = 12, day: str = "17/3/2025", place: str = "thôn Đoài", hour: str = "8 giờ") -> Text:
    """A notice of an office: 120 words of which four are its own."""
    return Text(
        f"Thông báo số {number} về việc tạm ngừng cấp nước tại {place}",
        "",
        f"Trạm cấp nước kính báo đến các hộ dân {place}: từ {hour} ngày {day}, trạm tạm ngừng cấp nước để súc xả "
        "đường ống "
        "và thay van tổng trước bể chứa. Trong thời gian này áp lực nước tại các khu lân cận có thể yếu hơn "
        "thường ngày.\n"
        "Đề nghị bà con chủ động trữ nước sạch, khóa vòi khi đi vắng và không tự ý mở hố van. Khi có nước trở "
        "lại, xin xả bỏ vài phút đầu "
        "cho đến khi nước trong. Mọi phản ánh về chất lượng nước, rò rỉ, hư hỏng đồng hồ xin gọi tổ trực của "
        "trạm, có người nghe máy cả ngày lẫn đêm. "
        "Trạm xin lỗi vì sự bất tiện và mong bà con thông cảm.",
        DAY,
    )  # fmt: skip
