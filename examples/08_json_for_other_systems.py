"""
给别的系统：记录进，JSON 出；网页后台怎样调用。

JSON for other systems: a record in, a document out, as a web handler sees it.
The firms are invented.
"""

import json

from pathlib import Path

import incentives


def handle(body: bytes, day: str) -> tuple[int, str]:
    """状态码与 JSON 正文：200 为答案，400 为不是 JSON，422 为记录有错。"""
    try:
        # 小数读成文本，金额不经过浮点数。
        record = json.loads(body, parse_float=str)
    except ValueError as error:
        return 400, json.dumps({"error": str(error)})
    try:
        assessment = incentives.evaluate(record, as_of=day)
    except incentives.RecordError as error:
        mistakes = [
            {"path": m.path, "message": m.message, "suggestion": m.suggestion}
            for m in error.mistakes
        ]
        return 422, json.dumps({"mistakes": mistakes}, ensure_ascii=False)
    return 200, json.dumps(assessment.to_dict(), ensure_ascii=False)


lines = Path(__file__).with_name("enterprises.jsonl").read_bytes().splitlines()
answers = []
for line in lines:
    status, text = handle(line, "2025-10-01")
    answer = json.loads(text)
    answers.append(answer)
    print(status, answer["id"], answer["total"], answer["bounds"], answer["missing"])
print()

print("一份答案的各项：")
# digest 是规则包的指纹：和记录、基准日、解读一起存档，日后便可复核。
print(*answers[0])
print()

print("其中一条规则，各项理由只印第一项：")
platform = answers[1]["determinations"][5]
print(
    json.dumps(
        platform | {"reasons": platform["reasons"][:1]}, ensure_ascii=False, indent=2
    )
)
print()

print(*handle(b'{"id": ', "2025-10-01"))
print(*handle('{"id": "91350581MA34RN5T5P", "城市": "泉州"}'.encode(), "2025-10-01"))
