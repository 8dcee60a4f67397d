// A chat of one room: whoever connects hears what the others say. A peer too slow to listen is shown out, so nobody waits for it.
// Answers the Python programs: a chat server over websockets, aiohttp, Tornado or gevent.

import static dev.heddle.Heddle.*;

import dev.heddle.http.WebSocket;
import dev.heddle.http.WebSocketMessage;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.WebSocketBroadcast;
import dev.heddle.sync.Event;
import dev.heddle.sync.Overflow;

static final int GUESTS = 100;
static final int MAX_WAITING = 1000;

void main() {
    run(this::serveAndTalk);
}

void serveAndTalk() {
    var room = WebSocketBroadcast.create(MAX_WAITING, Overflow.DISCONNECT);
    var full = Event.create();
    try (HttpServer server = HttpServer.builder()
            .webSocket("/chat/{name}", (request, socket) -> serve(room, full, request, socket))
            .start("127.0.0.1", 0)) {
        var guests = IntStream.range(0, GUESTS).mapToObj(number -> "guest-" + number).toList();
        var heard = map(guests, GUESTS, guest -> talk("ws://127.0.0.1:" + server.port() + "/chat/" + guest));
        IO.println(heard.stream().distinct().count() + " order of what was said, heard by all " + heard.size());
        IO.println("the first of them said: " + heard.getFirst().getFirst().replaceAll("\\d+", "N"));
    }
}

void serve(WebSocketBroadcast room, Event full, Request request, WebSocket socket) {
    try (var _ = room.join(socket)) {
        if (room.size() == GUESTS) {
            full.set();
        }
        full.await();
        for (var message : socket) {
            if (message instanceof WebSocketMessage.Text(String text)) {
                room.sendText(request.path("name") + ": " + text);
            }
        }
    }
}

List<String> talk(String url) {
    try (HttpClient http = HttpClient.create();
            WebSocket socket = http.webSocket(url).connect()) {
        socket.sendText("hello");
        List<String> heard = new ArrayList<>();
        while (heard.size() < GUESTS && socket.receive().orElseThrow() instanceof WebSocketMessage.Text(String text)) {
            heard.add(text);
        }
        return heard;
    }
}
