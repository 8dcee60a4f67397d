package dev.heddle.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.cli.CommandLine;
import dev.heddle.cli.command.Exit;
import dev.heddle.conformance.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An etcd that wants certificates is reached by who has them, and by nobody else. */
@Tag("full")
final class StoreTlsTest {

    private static final Path ETCD = Path.of("/usr/bin/etcd");

    @TempDir
    private Path directory;

    private Process etcd;
    private String url;

    @BeforeEach
    void startEtcd() throws IOException {
        assumeTrue(Files.isExecutable(ETCD), "etcd is not installed");
        for (String shop : List.of("shop", "other")) {
            CommandLine.run("node", "init", directory.resolve(shop).toString(), "a=127.0.0.1:7100");
        }
        url = "https://127.0.0.1:" + FreePorts.next();
        String peer = "http://127.0.0.1:" + FreePorts.next();
        etcd = new ProcessBuilder(
                ETCD.toString(), "--data-dir", directory.resolve("data").toString(),
                "--listen-client-urls", url, "--advertise-client-urls", url,
                "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster",
                "default=" + peer, "--cert-file", file("shop", "node.pem"), "--key-file", file("shop", "node.pem"),
                "--client-cert-auth", "--trusted-ca-file", file("shop", "trust.pem"))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    @AfterEach
    void endEtcd() {
        if (etcd != null) {
            etcd.destroyForcibly().onExit().join();
        }
    }

    private String file(String shop, String name) {
        return directory.resolve(shop).resolve("a").resolve(name).toString();
    }

    private CommandLine cluster(String... tls) {
        List<String> words = new ArrayList<>(List.of("cluster", "--join", url, "--cluster", "shop"));
        words.addAll(List.of(tls));
        return CommandLine.run(words.toArray(String[]::new));
    }

    @Test
    void storeIsReachedByWhoHasACertificateAndTrustsIts() throws IOException {
        long begin = System.nanoTime();
        CommandLine shown = known();
        while (shown.exit() != Exit.FINE && System.nanoTime() - begin < Duration.ofSeconds(60).toNanos()) {
            shown = known(); // it has just been started
        }
        assertEquals(Exit.FINE, shown.exit(), shown.err() + Files.readString(directory.resolve("log")));
        assertTrue(shown.out().startsWith("NODE "), shown.out());

        CommandLine unknown = cluster("--trust", file("shop", "trust.pem"));
        assertEquals(Exit.NOT_ALL, unknown.exit(), unknown.err());
        CommandLine another = cluster("--trust", file("other", "trust.pem"), "--cert", file("shop", "node.pem"));
        assertEquals(Exit.NOT_ALL, another.exit(), another.err());
        CommandLine foreign = cluster("--trust", file("shop", "trust.pem"), "--cert", file("other", "node.pem"));
        assertEquals(Exit.NOT_ALL, foreign.exit(), foreign.err());
    }

    private CommandLine known() {
        return cluster("--trust", file("shop", "trust.pem"), "--cert", file("shop", "node.pem"));
    }
}
