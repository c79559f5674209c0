"""Posts a body many times and prints the status of each answer.

usage: sender.py CLIENT URL TOKEN BYTES plain|chunked|expect TIMES
"""
import http.client, sys, urllib.error, urllib.parse, urllib.request

client, url, token, size, form, times = sys.argv[1:]
body = b"a" * int(size)
headers = {"Authorization": "Bearer " + token, "Content-Type": "application/json"}
if form == "expect":
    headers["Expect"] = "100-continue"  # none of these waits for it


def pieces():
    for at in range(0, len(body), 65536):
        yield body[at : at + 65536]


def data():
    return pieces() if form == "chunked" else body


def by_urllib():
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data(), headers)) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read()


def by_http_client():
    target = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(target.hostname, target.port, timeout=20)
    connection.request("POST", target.path, data(), headers, encode_chunked=form == "chunked")
    answer = connection.getresponse()
    got = answer.status, answer.read()
    connection.close()
    return got


def by_requests():
    import requests

    answer = requests.post(url, data=data(), headers=headers, timeout=20)
    return answer.status_code, answer.content


if client == "http.client" and form == "chunked":
    headers["Transfer-Encoding"] = "chunked"
for _ in range(int(times)):
    try:
        status, text = {"urllib": by_urllib, "http.client": by_http_client, "requests": by_requests}[client]()
        print(status if b'"statusCode":%d' % status in text else f"{status} with {text}")
    except Exception as error:
        print(repr(error).replace("\n", " "))
