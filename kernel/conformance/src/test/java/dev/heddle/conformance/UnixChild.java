package dev.heddle.conformance;

import dev.heddle.BrokenException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Acceptor;
import dev.heddle.engine.Engines;
import dev.heddle.engine.ListenOptions;
import dev.heddle.engine.Transport;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;

/** Accepts two connections on a Unix socket and prints what became of each, a line for each. */
final class UnixChild {

    private UnixChild() {}

    /** The engine's name, and the socket's path. */
    public static void main(String[] args) {
        Heddle.run(Config.DEFAULT.withEngine(Engines.named(args[0])), () -> {
            try (Acceptor acceptor = Heddle.currentLoop()
                    .engine()
                    .listen(UnixDomainSocketAddress.of(args[1]), ListenOptions.DEFAULT)) {
                System.out.println("listening");
                Heddle.timeout(Duration.ofSeconds(20), () -> {
                    acceptOne(acceptor);
                    acceptOne(acceptor);
                });
            }
        });
    }

    private static void acceptOne(Acceptor acceptor) {
        try (Transport accepted = acceptor.accept()) {
            System.out.println("from " + accepted.remoteAddress());
        } catch (BrokenException e) {
            System.out.println("broken");
        }
    }
}
