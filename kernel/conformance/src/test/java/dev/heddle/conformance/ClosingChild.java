package dev.heddle.conformance;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Engines;
import dev.heddle.engine.Transport;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Closes many connections in one turn, and prints whether their descriptors are free then. */
final class ClosingChild {

    private ClosingChild() {}

    /** The engine's name, and how many connections. */
    public static void main(String[] args) {
        Heddle.run(Config.DEFAULT.withEngine(Engines.named(args[0])), () -> {
            int count = Integer.parseInt(args[1]);
            try (ServerSocket server = new ServerSocket(0, count, InetAddress.getLoopbackAddress())) {
                int before = openSockets();
                List<Transport> connections = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    connections.add(Heddle.currentLoop().engine().connect(server.getLocalSocketAddress()));
                    connections.getLast().tryRead(ByteBuffer.allocate(1));
                    Heddle.checkpoint();
                }
                connections.forEach(Transport::close);
                boolean free = Heddle.moveOnAfter(Duration.ofSeconds(5), () -> {
                    while (openSockets() > before) {
                        Heddle.sleep(Duration.ofMillis(5));
                    }
                });
                System.out.println(free ? "all are closed" : openSockets() - before + " are left open");
            }
        });
    }

    private static int openSockets() {
        int sockets = 0;
        String[] open = new File("/proc/self/fd").list();
        for (String descriptor : open == null ? new String[0] : open) {
            try {
                String what = Files.readSymbolicLink(Path.of("/proc/self/fd", descriptor))
                        .toString();
                sockets += what.startsWith("socket:") ? 1 : 0;
            } catch (IOException e) {
                // It is gone since.
            }
        }
        return sockets;
    }
}
