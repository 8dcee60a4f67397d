// Asynchronous I/O: the kernel is asked to read, fills the buffer by itself, and tells when that is done.
// The fifth of the five I/O models of Unix. Heddle's engine on io_uring does this under each stream.

import static dev.heddle.Heddle.*;

import dev.heddle.Config;
import dev.heddle.engine.Engines;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Tcp;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

void main() {
    boolean possible = Engines.offers().stream().anyMatch(it -> it.name().equals("io_uring") && it.whyNot().isEmpty());
    Config config = possible ? Config.DEFAULT.withEngine(Engines.named("io_uring")) : Config.DEFAULT;
    run(config, this::readFromTheKernel);
}

void readFromTheKernel() {
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
