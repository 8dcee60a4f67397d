package dev.heddle.conformance;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.engine.Engines;
import dev.heddle.file.FileChanges;
import dev.heddle.internal.SecretNumbers;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.net.Dns;
import dev.heddle.net.Listener;
import dev.heddle.net.ResolveException;
import dev.heddle.net.Resolver;
import dev.heddle.net.ResolverOptions;
import dev.heddle.net.Tcp;
import dev.heddle.net.Udp;
import dev.heddle.net.UdpSocket;
import dev.heddle.net.Unix;
import dev.heddle.os.Subprocess;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsAuthority;
import java.io.Closeable;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Uses what needs descriptors for the first time when there are none, and once more when there are. It prints a line
 * that begins with {@code wrong} for each first use that does not fail in words, and each second one that fails, and
 * {@code done} at its end.
 */
final class FirstUseChild {

    private static final Duration LONG = Duration.ofSeconds(5);

    private static final Map<String, Callable<?>> USES = new LinkedHashMap<>();

    private FirstUseChild() {}

    /** The engine's name; whether to serve before; a directory for sockets; the uses, or none for all. */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[2]);
        fill(directory);
        ExhaustedChild.loadAll();
        Heddle.run(Config.DEFAULT.withEngine(Engines.named(args[0])), () -> {
            if (args[1].equals("serving")) {
                Heddle.spawn(() -> Tcp.listen(0).serve(100, ByteStream::close));
                Heddle.sleep(Duration.ofMillis(1));
            }
            List<String> uses = List.of(args).subList(3, args.length);
            if (uses.isEmpty() || uses.contains("look-up")) {
                USES.put("look-up", lookUp());
            }
            check(uses.isEmpty() ? List.copyOf(USES.keySet()) : uses);
            System.out.println("done");
            Runtime.getRuntime().halt(0);
        });
    }

    private static void fill(Path directory) {
        USES.put("UDP", () -> {
            try (UdpSocket socket = Udp.bind("127.0.0.1", 0)) {
                socket.send("x", socket.localAddress());
                return socket.receive();
            }
        });
        USES.put("random numbers", () -> SecretNumbers.bytes(8));
        USES.put("address", () -> Dns.resolve("127.0.0.1"));
        USES.put("own names", () -> Dns.resolve("localhost"));
        USES.put("TCP", FirstUseChild::connect);
        USES.put("Unix", () -> {
            try (Listener listener = Unix.listen(directory.resolve("s"))) {
                return listener.toString();
            }
        });
        USES.put("subprocess", () -> Subprocess.run("true"));
        USES.put("TLS", FirstUseChild::handshake);
        USES.put("watch", () -> {
            FileChanges.watch(directory).close();
            return "";
        });
    }

    /** The user's own touch of addresses comes before. */
    private static Callable<?> lookUp() {
        ResolverOptions options = ResolverOptions.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 1))
                .withTimeout(Duration.ofMillis(300), 1);
        return () -> lookUp(options);
    }

    private static Object lookUp(ResolverOptions options) {
        Resolver resolver = Resolver.of(options);
        try {
            return resolver.resolve("x.example");
        } catch (ResolveException e) {
            if (e.getMessage().contains("port unreachable") || e.getMessage().contains("silent")) {
                return "the server was asked, which is all that is wanted";
            }
            throw e;
        }
    }

    private static Object connect() {
        try (Listener listener = Tcp.listen(0)) {
            Tcp.connect("127.0.0.1", listener.port()).close();
            return "";
        }
    }

    private static Object handshake() {
        TlsAuthority authority = TlsAuthority.create("first use", Duration.ofDays(1));
        ServerTls server = ServerTls.of(authority.issue(Duration.ofDays(1), "localhost"));
        ClientTls client = ClientTls.DEFAULT.withTrust(authority.trust());
        MemoryStreams.Pair pair = MemoryStreams.pair();
        return Heddle.gather(
                () -> Tls.upgradeServer(pair.left(), server).readExactly(1),
                () -> {
                    Tls.upgradeClient(pair.right(), "localhost", client).write("x");
                    return new byte[0];
                });
    }

    private static void check(List<String> uses) throws IOException {
        List<Closeable> eaten = new ArrayList<>();
        File any = new File("/dev/null");
        try {
            while (true) {
                eaten.add(new FileInputStream(any));
            }
        } catch (IOException e) {
            // None is left.
        }
        for (String use : uses) {
            Throwable failure = failure(use);
            if (failure instanceof Error || failure instanceof NullPointerException) {
                System.out.println("wrong: " + use + " without descriptors: " + failure);
            }
        }
        for (Closeable each : eaten) {
            each.close();
        }
        for (String use : uses) {
            Throwable failure = failure(use);
            if (failure != null) {
                System.out.println("wrong: " + use + " with descriptors: " + failure + " by " + failure.getCause());
            }
        }
    }

    /** Fails too where the use takes so long that nothing else of the loop could go on. */
    private static Throwable failure(String use) {
        long begin = System.nanoTime();
        try {
            Heddle.timeout(LONG, USES.get(use));
        } catch (HeddleException e) {
            return rooted(e);
        } catch (Throwable e) {
            return e;
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        return took.compareTo(LONG) < 0 ? null : new AssertionError("it took " + took);
    }

    private static Throwable rooted(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof Error) {
                return each;
            }
        }
        return failure;
    }
}
