package dev.heddle.cluster.zookeeper;

import dev.heddle.cluster.zookeeper.ZooKeeperPeer.Role;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The directory of a server: what it must not forget. ZooKeeper keeps who the others are in files beside its
 * configuration; the first of them is ours, all others are its own, and the configuration names the one that counts.
 *
 * <pre>
 *   zoo.cfg              written anew at each start
 *   zoo.cfg.dynamic...   who the servers are
 *   joining              it has not been added to the others yet
 *   door                 while it runs, the way to it for tools of its user
 *   data/myid            its number
 *   data/initialize      nothing is lost by an empty directory: a new ensemble begins
 *   data/version-2       log and snapshots
 * </pre>
 */
final class PeerDirectory {

    private static final String DYNAMIC = "dynamicConfigFile";

    /** The longest commit. */
    private static final long MIN_ROOM = 1 << 20;

    private final EmbeddedOptions options;
    private final Path data;
    private final Path configuration;
    private final Path joining;

    PeerDirectory(EmbeddedOptions options) {
        this.options = options;
        data = options.directory().resolve("data");
        configuration = options.directory().resolve("zoo.cfg");
        joining = options.directory().resolve("joining");
    }

    Path configuration() {
        return configuration;
    }

    /** Nothing is there, or only what an ensemble's beginning that was interrupted has left. */
    boolean isNew() {
        return !Files.exists(configuration) || Files.exists(data.resolve("initialize")) || isJoining();
    }

    /** Whether what it must write down hardly fits any more. */
    boolean isFull() {
        try {
            return Files.getFileStore(data).getUsableSpace() < MIN_ROOM;
        } catch (IOException _) {
            return false;
        }
    }

    boolean isJoining() {
        return Files.exists(joining);
    }

    void joined() {
        try {
            Files.deleteIfExists(joining);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Prepares for a server that begins a new ensemble together with the others. */
    void beginFounding() throws IOException {
        begin();
        if (options.self().role() == Role.VOTER) {
            Files.writeString(data.resolve("initialize"), "");
        }
    }

    /** Prepares for a server that the others do not know yet. */
    void beginJoining() throws IOException {
        Files.createDirectories(options.directory());
        Files.writeString(joining, "");
        begin();
    }

    private void begin() throws IOException {
        Files.createDirectories(data);
        Files.writeString(data.resolve("myid"), options.self().id() + "\n");
        Path first = options.directory().resolve("zoo.cfg.dynamic");
        Files.writeString(first, options.all().map(ZooKeeperPeer::line).collect(Collectors.joining("\n", "", "\n")));
        writeConfiguration(first.toString());
    }

    /** Prepares for a server that was here before. */
    void beginAgain() throws IOException {
        String id = Files.readString(data.resolve("myid")).strip();
        if (!id.equals(Integer.toString(options.self().id()))) {
            throw new EmbeddedZooKeeperException(options.directory() + " is the directory of server " + id + ", not "
                    + options.self().id());
        }
        if (!hasLog()) {
            throw new EmbeddedZooKeeperException("the data of server " + id + " in " + data
                    + " are gone: it may have promised what it no longer knows. Let one with an id that was never used"
                    + " take its place (heddle node init --replace)");
        }
        Properties before = new Properties();
        try (Reader reader = Files.newBufferedReader(configuration)) {
            before.load(reader);
        }
        writeConfiguration(before.getProperty(DYNAMIC));
    }

    private boolean hasLog() throws IOException {
        Path log = data.resolve("version-2");
        if (!Files.isDirectory(log)) {
            return false;
        }
        try (Stream<Path> files = Files.list(log)) {
            return files.map(file -> file.getFileName().toString())
                    .anyMatch(name -> name.startsWith("log.") || name.startsWith("snapshot."));
        }
    }

    private void writeConfiguration(String dynamic) throws IOException {
        Properties lines = new Properties();
        lines.setProperty("dataDir", data.toString());
        lines.setProperty("clientPortAddress", "127.0.0.1");
        lines.setProperty("clientPort", "0");
        lines.setProperty("maxClientCnxns", "0");
        lines.setProperty("tickTime", Long.toString(options.tick().toMillis()));
        lines.setProperty("initLimit", "20");
        lines.setProperty("syncLimit", "5");
        lines.setProperty("maxSessionTimeout", "3600000");
        lines.setProperty("standaloneEnabled", "false");
        lines.setProperty("reconfigEnabled", "true");
        lines.setProperty("sslQuorumReloadCertFiles", Boolean.toString(options.tls().isPresent()));
        lines.setProperty("sslQuorum", Boolean.toString(options.tls().isPresent()));
        lines.setProperty(DYNAMIC, dynamic);
        try (var writer = Files.newBufferedWriter(configuration)) {
            lines.store(writer, null);
        }
    }

    /** The properties of this JVM that ZooKeeper reads beside its file. */
    Map<String, String> properties() {
        Map<String, String> result = new HashMap<>(Map.of(
                "zookeeper.admin.enableServer", "false",
                "zookeeper.4lw.commands.whitelist", "",
                "zookeeper.jmx.log4j.disable", "true",
                "zookeeper.db.autocreate", "false"));
        options.tls().ifPresent(tls -> result.putAll(Map.of(
                "zookeeper.ssl.quorum.keyStore.location", tls.identity().toString(),
                "zookeeper.ssl.quorum.keyStore.type", "PEM",
                "zookeeper.ssl.quorum.trustStore.location", tls.trust().toString(),
                "zookeeper.ssl.quorum.trustStore.type", "PEM",
                "zookeeper.ssl.quorum.clientAuth", "need",
                "zookeeper.ssl.quorum.allowReverseDnsLookup", "false")));
        return result;
    }

    @Override
    public String toString() {
        return options.directory().toString();
    }
}
