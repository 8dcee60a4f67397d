// Asynchronous I/O: the kernel is asked to read, fills the buffer by itself, and tells when that is done.
// Answers Threads, processes, coroutines, asyncio, program 26: the fifth of the five I/O models of Unix, by io_uring where it can be had.

import static dev.heddle.Heddle.*;

import dev.heddle.Config;
import dev.heddle.engine.Engines;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Tcp;

void main() {
    var ring = Engines.offers().stream().filter(it -> it.name().equals("io_uring")).findAny();
    var whyNot = ring.isEmpty() ? Optional.of("there is no such engine here") : ring.get().whyNot();
    if (whyNot.isPresent()) {
        IO.println("no io_uring, so the kernel only tells what is ready: " + whyNot.get());
        run(this::read);
    } else {
        run(Config.DEFAULT.withEngine(Engines.named("io_uring")), this::read);
    }
}

void read() {
    IO.println("engine: " + currentLoop().engine());
    try (var listener = Tcp.listen("127.0.0.1", 0)) {
        var peer = spawn("peer", () -> sayLater(listener.port()));
        try (ByteStream stream = listener.accept()) {
            byte[] bytes = stream.readAll(100);                        // the task waits, its thread runs other tasks
            IO.println("read: " + new String(bytes, StandardCharsets.UTF_8));
        }
        peer.join();
    }
}

void sayLater(int port) {
    try (ByteStream stream = Tcp.connect("127.0.0.1", port)) {
        sleep(Duration.ofMillis(100));
        stream.write("hello");
    }
}
