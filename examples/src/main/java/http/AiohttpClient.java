// Fetches a page and prints its status and its text. Arguments: url.
// Answers Asyncio and gevent, program 7: an aiohttp ClientSession with session.get.

import static dev.heddle.Heddle.*;

import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;

void main(String[] args) {
    run(() -> getHtml(args[0]));
}

void getHtml(String url) {
    try (var session = HttpClient.create(); Reply reply = session.get(url)) {
        IO.println(reply.status());
        IO.println(reply.text());
    }
}
