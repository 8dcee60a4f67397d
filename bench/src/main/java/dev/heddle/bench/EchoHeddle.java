package dev.heddle.bench;

import dev.heddle.Loop;
import dev.heddle.engine.ListenOptions;
import dev.heddle.net.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.ServeOptions;
import dev.heddle.net.Tcp;
import java.nio.ByteBuffer;

/** Heddle's echo server: a task for each connection, written as users write it. */
final class EchoHeddle {

    private static final int MOST_CONNECTIONS = 1_000_000;

    private EchoHeddle() {}

    /**
     * Starts it.
     *
     * @param loops how many loops share the port, at least 1
     */
    static EchoMain.Ready start(int loops) {
        Loop loop = Loop.start(Loops.PATIENT);
        Listener first = listen(loop, 0, loops > 1);
        for (int i = 1; i < loops; i++) {
            listen(Loop.start(Loops.PATIENT), first.port(), true);
        }
        return new EchoMain.Ready(first.port(), loop.engine().name());
    }

    private static Listener listen(Loop loop, int port, boolean shared) {
        ListenOptions options = new ListenOptions(EchoMain.BACKLOG, true, shared);
        Listener listener = loop.spawn(() -> Tcp.listen("127.0.0.1", port, options)).join();
        loop.spawn(() -> listener.serve(ServeOptions.DEFAULT.withMaxConnections(MOST_CONNECTIONS), EchoHeddle::echo));
        return listener;
    }

    private static void echo(ByteStream stream) {
        for (ByteBuffer bytes = stream.fill(); bytes.hasRemaining(); bytes = stream.fill()) {
            stream.write(bytes);
        }
    }
}
