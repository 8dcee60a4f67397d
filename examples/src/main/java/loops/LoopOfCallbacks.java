// A loop of one's own, the first step: one select for all sockets, and a callback that hears of each page. The JDK and nothing else.
// Answers Concurrent requests, programs 16 to 18: an address and a callback go in, and the callback is called when the answer is there.

import static dev.heddle.Heddle.*;

import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;

void main() {
    run(this::serveAndFetch);
}

void serveAndFetch() {
    try (var site = HttpServer.builder().get("/{name}", this::answer).start("127.0.0.1", 0)) {
        int port = site.port();
        offload(() -> {                                                  // a thread that is no loop of Heddle's
            try (var framework = new Framework()) {
                for (String path : List.of("/slow", "/quick", "/middle")) {
                    framework.fetch(port, path, page -> IO.println(path + " " + page));
                }
                IO.println("all asked");
                framework.run();
                IO.println("all answered");
            }
        });
    }
}

static final class Framework implements AutoCloseable {
    private final Selector selector = Selector.open();

    Framework() throws IOException {}

    /** Returns at once: asynchronous for who calls it. Inside it is a select and sockets that do not block. */
    void fetch(int port, String path, Consumer<String> callback) throws IOException {
        var socket = SocketChannel.open();
        socket.configureBlocking(false);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.register(selector, SelectionKey.OP_CONNECT, new Fetch(socket, path, callback));
    }

    /** Until nobody waits for an answer any more. */
    void run() throws IOException {
        while (!selector.keys().isEmpty()) {
            selector.select(key -> ((Fetch) key.attachment()).goOn(key));
            selector.selectNow();                                        // forgets the keys that were cancelled
        }
    }

    @Override
    public void close() throws IOException {
        for (var key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}

/** Where one conversation stands: what the local variables of a method would say. */
record Fetch(SocketChannel socket, String path, Consumer<String> callback, ByteBuffer answer) {

    Fetch(SocketChannel socket, String path, Consumer<String> callback) {
        this(socket, path, callback, ByteBuffer.allocate(10_000));
    }

    void goOn(SelectionKey key) {
        try {
            if (key.isConnectable() && socket.finishConnect()) {
                socket.write(StandardCharsets.US_ASCII.encode("GET " + path + " HTTP/1.0\r\nHost: localhost\r\n\r\n"));
                key.interestOps(SelectionKey.OP_READ);
            } else if (key.isReadable() && socket.read(answer) < 0) {
                key.cancel();
                socket.close();
                String text = StandardCharsets.US_ASCII.decode(answer.flip()).toString();
                callback.accept(text.substring(text.indexOf("\r\n\r\n") + 4));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);                // ends all conversations, which is the next problem
        }
    }
}

Response answer(Request request) {
    String name = request.path("name");
    sleep(Duration.ofMillis(switch (name) {
        case "quick" -> 50;
        case "middle" -> 150;
        default -> 250;
    }));
    return Response.text("this is " + name);
}
