package dev.heddle.conformance;

import dev.heddle.Heddle;
import dev.heddle.engine.ListenOptions;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Where a server of a test can be found: a port of this machine or a path. */
record Place(SocketAddress address) {

    /** Below the ports that systems hand out by themselves, so that nobody gets it in between. */
    private static final int FIRST_PORT = 12_000;
    private static final int PORTS = 18_000;

    /** A port that is free. */
    static Place port() {
        while (true) {
            int port = FIRST_PORT + ThreadLocalRandom.current().nextInt(PORTS);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return new Place(free.getLocalSocketAddress());
            } catch (IOException e) {
                // Taken: another one.
            }
        }
    }

    static Place in(Path directory) {
        return new Place(UnixDomainSocketAddress.of(directory.resolve("socket")));
    }

    boolean isPath() {
        return address instanceof UnixDomainSocketAddress;
    }

    /** The port or the path. */
    String target() {
        return address instanceof InetSocketAddress inet ? Integer.toString(inet.getPort()) : address.toString();
    }

    Listener listen() throws IOException {
        return new Listener(Heddle.currentLoop().engine().listen(address, ListenOptions.DEFAULT));
    }

    /** Connects to a program that may still be starting. */
    ByteStream connectTo(Program server) {
        while (true) {
            try {
                return new ByteStream(Heddle.currentLoop().engine().connect(address));
            } catch (IOException e) {
                if (!server.isAlive()) {
                    throw new AssertionError(server.toString(), e);
                }
                Heddle.sleep(Duration.ofMillis(5));
            }
        }
    }

    @Override
    public String toString() {
        return isPath() ? "Unix socket" : "TCP";
    }
}
