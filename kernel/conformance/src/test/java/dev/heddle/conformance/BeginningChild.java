package dev.heddle.conformance;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Engines;
import dev.heddle.internal.FirstUse;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Tcp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.CountDownLatch;

/** The first connections of a loop, made while another thread holds what a loop begins with; prints how many worked. */
final class BeginningChild {

    private static final Duration LONG = Duration.ofSeconds(5);

    private final ServerSocket server;
    private final CountDownLatch come;
    private int answered;

    private BeginningChild(ServerSocket server, int count) {
        this.server = server;
        this.come = new CountDownLatch(count);
    }

    /** The engine's name, and how many connections. */
    public static void main(String[] args) throws Exception {
        int count = Integer.parseInt(args[1]);
        try (ServerSocket server = new ServerSocket(0, count, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> echo(server));
            new BeginningChild(server, count).run(args[0], count);
        }
    }

    private static void echo(ServerSocket server) {
        while (true) {
            Socket peer;
            try {
                peer = server.accept();
            } catch (IOException e) {
                return;
            }
            Thread.ofPlatform().daemon().start(() -> {
                try (peer) {
                    peer.getInputStream().transferTo(peer.getOutputStream());
                } catch (IOException e) {
                    // The client was lost.
                }
            });
        }
    }

    private void run(String engine, int count) throws InterruptedException {
        Thread loop = Thread.ofPlatform()
                .unstarted(() -> Heddle.run(Config.DEFAULT.withEngine(Engines.named(engine)), () -> {
                    Heddle.map(Collections.nCopies(count, 0), count, none -> ask());
                    System.out.println(answered + " answered");
                }));
        synchronized (FirstUse.NATIVE_FUNCTIONS) {
            synchronized (FirstUse.CHANNELS) {
                loop.start();
                come.await();
            }
        }
        loop.join();
    }

    private boolean ask() {
        come.countDown();
        return Heddle.moveOnAfter(LONG, () -> {
            try (ByteStream stream = Tcp.connect("127.0.0.1", server.getLocalPort())) {
                stream.write("x");
                stream.readExactly(1);
                answered++;
            }
        });
    }
}
