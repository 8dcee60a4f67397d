// An event loop of one's own, in one page: non-blocking sockets, a poller, generators that yield what they wait for, callbacks.
// Answers Concurrent requests, program 18: the custom asynchronous I/O framework on select.select, and its hundred HTTP requests in one thread.

import static dev.heddle.Heddle.*;

import dev.heddle.generators.Generator;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.PollKey;
import dev.heddle.net.Poller;
import dev.heddle.net.Tcp;

static final int PAGES = 300;
static final Duration DELAY = Duration.ofMillis(100);
static final int MAX_LINE_BYTES = 1024;
static final int MAX_ANSWER_BYTES = 16 * 1024;

void main() {
    run(this::fetchAll);
}

void fetchAll() throws IOException {
    try (Listener site = Tcp.listen(0)) {
        spawn("site", () -> site.serve(PAGES, this::answer));
        var pages = new ArrayList<String>();
        var time = measureTime(() -> fetch(site.port(), PAGES, pages::add));
        IO.println(pages.size() + " pages, the site took " + DELAY.toMillis() + " ms for each");
        IO.println(pages.stream().sorted().findFirst().orElseThrow());
        IO.println("all together in " + time.toMillis() + " ms");
    }
}

void fetch(int port, int pages, Consumer<String> callback) throws IOException {
    try (var loop = new OwnLoop()) {
        for (int number = 0; number < pages; number++) {
            var channel = SocketChannel.open();
            loop.start(channel, get(channel, port, "/page/" + number, callback));
        }
        loop.runUntilAllHaveEnded();
    }
}

// ---- the framework: it knows no HTTP ----

static final class OwnLoop implements AutoCloseable {

    // Each key has the rest of its conversation attached.
    private final Poller<Iterator<Integer>> poller = Poller.open();

    /** Takes over a channel, and goes on with the conversation each time the channel is ready for what the conversation yields. */
    void start(SocketChannel channel, Generator<Integer> conversation) throws IOException {
        channel.configureBlocking(false);
        goOn(poller.add(channel, 0, conversation.iterator()));
    }

    void runUntilAllHaveEnded() throws IOException {
        while (poller.size() > 0) {
            for (var key : poller.await()) {
                goOn(key);
            }
        }
    }

    private void goOn(PollKey<Iterator<Integer>> key) throws IOException {
        if (key.attachment().hasNext()) {
            key.want(key.attachment().next());
        } else {
            key.close(); // before its channel
            key.channel().orElseThrow().close();
        }
    }

    @Override
    public void close() throws IOException {
        var left = poller.keys();
        poller.close();
        for (var key : left) {
            key.channel().orElseThrow().close();
        }
    }
}

// ---- a protocol on top of it: it knows no sockets that block, and no loop ----

Generator<Integer> get(SocketChannel channel, int port, String path, Consumer<String> callback) {
    return Generator.of(out -> {
        if (!channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            out.yield(Poller.WRITABLE);
            channel.finishConnect();
        }
        var request = StandardCharsets.US_ASCII.encode("GET " + path + " HTTP/1.0\r\nHost: localhost\r\n\r\n");
        while (request.hasRemaining()) {
            if (channel.write(request) == 0) {
                out.yield(Poller.WRITABLE);
            }
        }
        var answer = ByteBuffer.allocate(MAX_ANSWER_BYTES);
        for (int count = channel.read(answer); count >= 0; count = channel.read(answer)) {
            if (!answer.hasRemaining()) {
                throw new IOException("the answer is too long: " + path);
            }
            if (count == 0) {
                out.yield(Poller.READABLE);
            }
        }
        String text = StandardCharsets.US_ASCII.decode(answer.flip()).toString();
        callback.accept(text.substring(text.indexOf("\r\n\r\n") + 4));
    });
}

// ---- the site ----

void answer(ByteStream stream) {
    String request = stream.readLine(MAX_LINE_BYTES).orElseThrow();
    while (!stream.readLine(MAX_LINE_BYTES).orElse("").isEmpty()) {
        // a header, which says nothing here
    }
    sleep(DELAY);
    String path = request.substring(request.indexOf(' ') + 1, request.lastIndexOf(' '));
    stream.write("HTTP/1.0 200 OK\r\n\r\nthis is " + path);
}
