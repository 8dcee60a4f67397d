package dev.heddle.cluster.zookeeper;

import dev.heddle.Heddle;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * A node of its own JVM with a server and a session. Its arguments: found, join, replace:ID or restart; the directory; the identity
 * and trust as PEM files, or - and -; its own line of ZooKeeper's configuration, then those of the others. It says
 * {@code ready}, then answers each line of its input by one of its output.
 */
final class PeerProgram {

    private PeerProgram() {}

    public static void main(String[] args) {
        ZooKeeperPeer[] peers = Arrays.stream(args, 4, args.length)
                .map(ZooKeeperPeer::parse)
                .toArray(ZooKeeperPeer[]::new);
        Path directory = Path.of(args[1]);
        ZooKeeperPeer[] others = Arrays.copyOfRange(peers, 1, peers.length);
        EmbeddedOptions options = (args[2].equals("-")
                ? EmbeddedOptions.of(directory, peers[0], others)
                : EmbeddedOptions.withTls(new PemFiles(Path.of(args[2]), Path.of(args[3])), directory, peers[0],
                        others))
                .withTick(Duration.ofMillis(200))
                .withPatience(Duration.ofSeconds(40));
        Heddle.run(() -> {
            String[] verb = args[0].split(":", 2);
            try (EmbeddedZooKeeper server = switch (verb[0]) {
                case "found" -> EmbeddedZooKeeper.found(options);
                case "join" -> EmbeddedZooKeeper.join(options);
                case "replace" -> EmbeddedZooKeeper.replace(Integer.parseInt(verb[1]), options);
                default -> EmbeddedZooKeeper.restart(options);
            };
                    Store store = server.open(SessionOptions.of("test").withTimeout(Duration.ofSeconds(4)))) {
                System.out.println("ready");
                serve(server, store);
            } catch (EmbeddedZooKeeperException e) {
                System.out.println("failed " + e.getMessage());
            }
        });
        System.exit(0);
    }

    private static void serve(EmbeddedZooKeeper server, Store store) {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
        for (String line = read(input); line != null; line = read(input)) {
            String[] words = line.split(" ", -1);
            String answer;
            try {
                answer = switch (words[0]) {
                    case "create" ->
                        commit(store, new Op.Create(key(words[1]), Bytes.utf8(words[2]), Lifetime.DURABLE));
                    case "set" -> commit(store, new Op.Set(key(words[1]), Bytes.utf8(words[2]), Op.ANY_VERSION));
                    case "get" ->
                        Heddle.timeout(Duration.ofSeconds(20),
                                () -> store.read(key(words[1]), ReadConsistency.FRESH).join())
                                .map(entry -> entry.value().utf8())
                                .orElse("nothing");
                    case "fill" -> fill(Path.of(words[1]));
                    case "state" -> server.state();
                    case "peers" -> server.peers().stream().map(ZooKeeperPeer::id).sorted().toList().toString();
                    case "remove" -> {
                        server.remove(Integer.parseInt(words[1]));
                        yield "removed";
                    }
                    case "leave" -> {
                        server.leave();
                        yield "left";
                    }
                    default -> throw new IllegalArgumentException(line);
                };
            } catch (RuntimeException e) {
                answer = e.toString().replace('\n', ' ');
            }
            System.out.println(answer);
        }
    }

    private static String commit(Store store, Op op) {
        CommitOutcome outcome = Heddle.timeout(Duration.ofSeconds(20), () -> store.commit(List.of(op)).join());
        return outcome.getClass().getSimpleName();
    }

    /** Leaves no room for a byte more. */
    private static String fill(Path directory) {
        try (OutputStream filler = Files.newOutputStream(directory.resolve("filler"))) {
            while (true) {
                filler.write(new byte[512]);
            }
        } catch (IOException _) {
            return "full";
        }
    }

    private static Key key(String name) {
        return new Key("things", name);
    }

    private static String read(BufferedReader input) {
        return Heddle.offload(input::readLine);
    }
}
