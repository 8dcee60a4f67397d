// A loop of one's own, the last step before Heddle: a queue, timers and a select; promises; tasks that are generators of promises.
// Answers Concurrent requests, program 18; Asyncio and gevent: what an event loop with coroutines, futures and tasks is made of.

import static dev.heddle.Heddle.*;

import dev.heddle.generators.Generator;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import java.util.PriorityQueue;

void main() {
    run(this::serveAndFetch);
}

void serveAndFetch() {
    try (var site = HttpServer.builder().get("/{name}", this::answer).start("127.0.0.1", 0)) {
        int port = site.port();
        offload(() -> {                                                  // a thread that is no loop of Heddle's
            try (var loop = new Loop()) {
                var pages = new Pages(loop, port);
                loop.run(pages.both());
            }
        });
    }
}

// ---- what a user of the framework writes ----

record Pages(Loop loop, int port) {

    /** Two at the same time, and a third thing meanwhile. */
    Task<String> both() {
        return loop.spawn(task -> {
            Task<String> slow = fetch("/slow");
            Task<String> quick = fetch("/quick");
            Task<String> missing = fetch("/missing");
            task.await(loop.sleep(Duration.ofMillis(20)));
            IO.println("20 ms later");
            IO.println(task.await(slow));
            IO.println(task.await(quick));
            try {
                task.await(missing);
            } catch (IllegalStateException e) {
                IO.println("failed: " + e.getMessage());
            }
            return "done";
        });
    }

    Task<String> fetch(String path) {
        return loop.spawn(task -> {
            try (var socket = SocketChannel.open()) {
                socket.configureBlocking(false);
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                task.await(loop.ready(socket, SelectionKey.OP_CONNECT));
                socket.finishConnect();
                socket.write(StandardCharsets.US_ASCII.encode("GET " + path + " HTTP/1.0\r\nHost: localhost\r\n\r\n"));
                var answer = ByteBuffer.allocate(10_000);
                do {
                    task.await(loop.ready(socket, SelectionKey.OP_READ));
                } while (socket.read(answer) >= 0);
                String text = StandardCharsets.US_ASCII.decode(answer.flip()).toString();
                if (!text.startsWith("HTTP/1.0 200") && !text.startsWith("HTTP/1.1 200")) {
                    throw new IllegalStateException(path + ": " + text.lines().findFirst().orElse(""));
                }
                return text.substring(text.indexOf("\r\n\r\n") + 4);
            }
        });
    }
}

// ---- the framework ----

/** A result that comes later. It calls back once. */
static class Promise<T> {
    private final List<Runnable> waiting = new ArrayList<>();
    boolean done;
    private T result;
    private Exception failure;

    void complete(T result, Exception failure) {
        this.result = result;
        this.failure = failure;
        done = true;
        waiting.forEach(Runnable::run);
    }

    void whenDone(Runnable callback) {
        if (done) {
            callback.run();
        } else {
            waiting.add(callback);
        }
    }

    T get() throws Exception {
        if (failure != null) {
            throw failure;
        }
        return result;
    }
}

/** A promise of what a body gives; the body yields each promise that it waits for. */
static final class Task<T> extends Promise<T> {

    interface Body<T> {
        T run(Task<T> task) throws Exception;
    }

    private final Loop loop;
    private final Iterator<Promise<?>> steps;
    private Generator.Out<Promise<?>> out;

    Task(Loop loop, Body<T> body) {
        this.loop = loop;
        this.steps = Generator.<Promise<?>>of(out -> {
            this.out = out;
            try {
                complete(body.run(this), null);
            } catch (Exception e) {
                complete(null, e);
            }
        }).iterator();
    }

    <R> R await(Promise<R> promise) throws Exception {
        out.yield(promise);
        return promise.get();
    }

    /** To the next wait. */
    void step() {
        if (steps.hasNext()) {
            steps.next().whenDone(() -> loop.callSoon(this::step));
        }
    }
}

static final class Loop implements AutoCloseable {

    record Timer(long at, Runnable callback) {}

    private final Queue<Runnable> queue = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(Timer::at));
    private final Selector selector = Selector.open();

    Loop() throws IOException {}

    <T> T run(Task<T> main) throws Exception {
        while (!main.done) {
            turn();
        }
        return main.get();
    }

    /** The turn of every event loop: what is ready by now, what is due by now, and then the queue. */
    private void turn() throws IOException {
        long now = System.nanoTime();
        if (!queue.isEmpty()) {
            selector.selectNow(this::ready);
        } else if (timers.isEmpty()) {
            selector.select(this::ready);
        } else {
            selector.select(this::ready, Math.max(1, (timers.peek().at() - now) / 1_000_000));
        }
        while (!timers.isEmpty() && timers.peek().at() <= System.nanoTime()) {
            queue.add(timers.remove().callback());
        }
        for (int i = queue.size(); i > 0; i--) {
            queue.remove().run();
        }
    }

    private void ready(SelectionKey key) {
        key.interestOps(0);
        queue.add((Runnable) key.attachment());
    }

    <T> Task<T> spawn(Task.Body<T> body) {
        var task = new Task<>(this, body);
        callSoon(task::step);
        return task;
    }

    void callSoon(Runnable callback) {
        queue.add(callback);
    }

    Promise<Void> sleep(Duration time) {
        var over = new Promise<Void>();
        timers.add(new Timer(System.nanoTime() + time.toNanos(), () -> over.complete(null, null)));
        return over;
    }

    Promise<Void> ready(SocketChannel socket, int operation) throws IOException {
        var ready = new Promise<Void>();
        Runnable callback = () -> ready.complete(null, null);
        socket.register(selector, operation, callback);
        return ready;
    }

    @Override
    public void close() throws IOException {
        selector.close();
    }
}

// ---- the site ----

Response answer(Request request) {
    String name = request.path("name");
    sleep(Duration.ofMillis(name.equals("slow") ? 200 : 50));
    return name.equals("missing") ? Response.empty(404) : Response.text("this is " + name);
}
