// Two requests in flight, one task, sockets that never block: a poller says which one is connected or has something to read.
// Answers Threads, processes, coroutines, asyncio, program 25; Concurrent requests, program 16: I/O multiplexing with select.select.

import static dev.heddle.Heddle.*;

import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.net.PollKey;
import dev.heddle.net.Poller;

/** What belongs to a socket is attached to its key, so it need not be a socket itself, nor have a {@code fileno()}. */
record Fetch(String path, ByteBuffer answer) {}

void main() {
    run(this::serveAndFetch);
}

void serveAndFetch() throws IOException {
    try (var site = HttpServer.builder().get("/{name}", this::answer).start("127.0.0.1", 0);
            Poller<Fetch> poller = Poller.open()) {
        for (String path : List.of("/slow", "/quick")) {
            var socket = SocketChannel.open();
            socket.configureBlocking(false);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), site.port()));    // does not wait
            poller.add(socket, Poller.WRITABLE, new Fetch(path, ByteBuffer.allocate(1024)));
        }
        while (poller.size() > 0) {
            for (var key : poller.awaitWithin(Duration.ofMillis(50))) {
                goOn(key, (SocketChannel) key.channel().orElseThrow());
            }
        }
    }
}

void goOn(PollKey<Fetch> key, SocketChannel socket) throws IOException {
    Fetch fetch = key.attachment();
    if (key.isWritable() && socket.finishConnect()) {
        socket.write(StandardCharsets.US_ASCII.encode("GET " + fetch.path() + " HTTP/1.0\r\nHost: localhost\r\n\r\n"));
        key.want(Poller.READABLE);
    } else if (!fetch.answer().hasRemaining()) {
        throw new IOException("the answer is too long: " + fetch.path());
    } else if (key.isReadable() && socket.read(fetch.answer()) < 0) {
        String answer = StandardCharsets.US_ASCII.decode(fetch.answer().flip()).toString();
        IO.println(fetch.path() + " " + answer.substring(answer.indexOf("\r\n\r\n") + 4));
        key.close();                       // before its channel
        socket.close();
    }
}

Response answer(Request request) {
    boolean slow = request.path("name").equals("slow");
    sleep(Duration.ofMillis(slow ? 300 : 100));
    return Response.text("this is " + request.path("name"));
}
