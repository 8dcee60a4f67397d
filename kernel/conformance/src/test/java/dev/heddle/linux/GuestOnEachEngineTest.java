package dev.heddle.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.engine.Engine;
import dev.heddle.engine.NioEngine;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A loop that is a guest waits in another thread than it runs in, which the kernel does not let every engine do. */
final class GuestOnEachEngineTest {

    @Test
    void nio() throws Exception {
        echoInAGuest(NioEngine::new);
    }

    @Test
    void epoll() throws Exception {
        echoInAGuest(EpollEngine::new);
    }

    @Test
    void ioUring() throws Exception {
        echoInAGuest(UringEngine::new);
    }

    private static void echoInAGuest(Supplier<? extends Engine> engine) throws Exception {
        try (ExecutorService host = Executors.newSingleThreadExecutor()) {
            Loop loop = Loop.guest(Config.DEFAULT.withEngine(engine), host);
            Task<Integer> echoed = loop.spawn(() -> {
                int bytes = 0;
                try (Listener listener = Tcp.listen(0);
                        ByteStream left = Tcp.connect("127.0.0.1", listener.port());
                        ByteStream right = listener.accept()) {
                    for (int i = 0; i < 50; i++) {
                        Task<Void> echo = Heddle.spawn(() -> right.write(right.readExactly(100)));
                        Heddle.sleep(Duration.ofNanos(100_000));
                        left.write(new byte[100]);
                        bytes += left.readExactly(100).length;
                        echo.join();
                    }
                }
                return bytes;
            });
            assertEquals(5_000, echoed.join());
            loop.close();
        }
    }
}
