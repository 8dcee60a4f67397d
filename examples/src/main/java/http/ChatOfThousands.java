// A chat of thousands on one loop, one of whom never listens: all others hear every message, and the slow one is shown out.
// The guests live in a process of their own, so that each side has enough descriptors. Arguments: [guests].

import static dev.heddle.Heddle.*;

import dev.heddle.Ticker;
import dev.heddle.http.WebSocket;
import dev.heddle.http.WebSocketMessage;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.http.client.ClientLimits;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.ServerLimits;
import dev.heddle.http.server.WebSocketBroadcast;
import dev.heddle.process.JvmProcess;
import dev.heddle.process.SharedLongs;
import dev.heddle.sync.Overflow;

static final int MAX_WAITING = 16;
static final int MESSAGE_CHARS = 4096;
static final String END = "the end";

void main(String[] args) {
    int guests = args.length > 0 ? Integer.parseInt(args[0]) : 500;
    run(() -> chat(guests));
}

void chat(int guests) {
    var room = WebSocketBroadcast.create(MAX_WAITING, Overflow.DISCONNECT);
    var limits = ServerLimits.DEFAULT.withMaxConnections(guests + 10);
    try (SharedLongs heardAll = SharedLongs.create(1);
            HttpServer server = HttpServer.builder()
                    .limits(limits)
                    .webSocket("/chat", WebSocketOptions.DEFAULT.withCompression(false),
                            (request, socket) -> sit(room, socket))
                    .start("127.0.0.1", 0)) {
        String url = "ws://127.0.0.1:" + server.port() + "/chat";
        try (JvmProcess crowd = JvmProcess.spawn(() -> run(() -> listenAll(url, guests, heardAll)))) {
            while (room.size() < guests + 1) {
                sleep(Duration.ofMillis(10));
            }
            IO.println(guests + " guests listen, and one does not");
            int said = talkUntilTheSlowOneIsOut(room, guests);
            room.sendText(END);
            crowd.join();
            IO.println("the slow one was shown out: " + (said > MAX_WAITING));
            IO.println(heardAll.get(0) + " guests have heard every message in order");
        }
    }
}

/** As many messages in a second as many guests can take. */
int talkUntilTheSlowOneIsOut(WebSocketBroadcast room, int guests) {
    var ticker = Ticker.every(Duration.ofMillis(5).plus(Duration.ofNanos(20_000L * guests)));
    int said = 0;
    while (room.size() > guests) {
        ticker.awaitTick();
        room.sendText(said++ + " " + "x".repeat(MESSAGE_CHARS));
    }
    return said;
}

void sit(WebSocketBroadcast room, WebSocket socket) {
    try (var _ = room.join(socket)) {
        socket.receive();                              // guests say nothing; this waits for their end
    }
}

// ---- in the other process ----

static void listenAll(String url, int guests, SharedLongs heardAll) {
    var limits = ClientLimits.DEFAULT.withMaxConnections(guests + 10).withMaxConnectionsPerHost(guests + 10);
    try (HttpClient http = HttpClient.builder().limits(limits).build()) {
        var slow = spawn("slow", () -> {
            try (WebSocket _ = http.webSocket(url).connect()) {
                sleep(Duration.ofHours(1));
            }
        });
        map(IntStream.range(0, guests).boxed().toList(), guests, guest -> listen(http, url, heardAll));
        slow.cancel("the chat is over");
    }
}

static boolean listen(HttpClient http, String url, SharedLongs heardAll) {
    try (WebSocket socket = http.webSocket(url).connect()) {
        int next = 0;
        boolean inOrder = true;
        while (socket.receive().orElseThrow() instanceof WebSocketMessage.Text(String text) && !text.equals(END)) {
            inOrder &= text.startsWith(next++ + " ");
        }
        heardAll.addAndGet(0, inOrder ? 1 : 0);
        return inOrder;
    }
}
