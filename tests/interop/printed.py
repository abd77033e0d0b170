"""The labels of a demonstration as they stick on jars: those that the service prints, and those it
printed before their lots were held, recalled, or their certificates suspended or withdrawn."""


def printed(rows, url, log):
    """Texts by lot, from the API's rows and what the demonstration said when it began to serve."""
    texts = {row["lot"]: row["text"] for row in rows}
    host = next(iter(texts.values())).split("/")[2]
    for line in log.read_text().splitlines():
        words = line.split()
        if len(words) == 3 and words[2].startswith(url + "/") and "/" in words[1]:
            texts.setdefault(words[1], f"https://{host}/{words[2].removeprefix(url + '/')}")
    return texts
