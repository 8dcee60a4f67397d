package dev.heddle.cli.node;

import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.UsageException;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.etcd.EtcdStore;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.cluster.zookeeper.ZooKeeperStore;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The address of the store in which the nodes of a cluster agree, as the options of its commands say it: {@code --embedded DIR}, or {@code --join
 * STORE} with {@code --cluster NAME}.
 *
 * @param node the directory of a node with a server of its own; null with a store that is there already
 * @param servers the addresses of that store; empty with a node
 * @param user who asks the store; null for nobody in particular
 * @param tls how that store is reached where its servers speak TLS
 * @param cluster the name of the cluster
 */
record StoreAddress(
        @Nullable NodeFiles node, String servers, @Nullable String user, StoreTls tls, String cluster) {

    /** The password of {@code --user}: arguments can be seen by all users of a machine. */
    static final String PASSWORD = "HEDDLE_STORE_PASSWORD";

    /** What the help says of the options. */
    static final String HELP = """
                  --embedded DIR      the directory of a node on this machine with its own ZooKeeper server
                  --join STORE        the store: zk1:2181,zk2:2181 are servers of ZooKeeper; addresses with
                                      http:// or https:// are of etcd
                  --cluster NAME      the name of the cluster in the store
                  --user NAME         the user of the store; HEDDLE_STORE_PASSWORD in the environment has the password
                  --trust FILE        the certificate authorities of the store's servers, in PEM (default: those of
                                      this machine; for ZooKeeper always needed with TLS)
                  --cert FILE         the client certificate for the store, in PEM, with its chain
                  --key FILE          its key, unless the same file has it (for ZooKeeper it must)
            """;

    /** Adds the options. */
    static Arguments.Syntax syntax() {
        return StoreTls.syntax(
                Arguments.syntax().option("--embedded").option("--join").option("--cluster").option("--user"));
    }

    /**
     * Reads the options of a command that looks in from outside.
     *
     * @throws UsageException if they are wrong
     * @throws FailureException if the directory is none of a node
     */
    static StoreAddress of(Arguments arguments) {
        if (arguments.has("--embedded")) {
            NodeFiles node = embedded(arguments);
            return new StoreAddress(node, "", null, StoreTls.NONE, node.cluster());
        }
        Optional<String> cluster = cluster(arguments);
        if (arguments.has("--join") && cluster.isEmpty()) {
            throw new UsageException("--join needs --cluster NAME: a store may have several clusters");
        }
        return joined(arguments, cluster.orElse(""));
    }

    /** The directory of {@code --embedded}. */
    static NodeFiles embedded(Arguments arguments) {
        if (arguments.has("--join") || arguments.has("--user")) {
            throw new UsageException("--embedded and --join are two ways: take one");
        }
        if (StoreTls.isIn(arguments)) {
            throw new UsageException("--cert, --key and --trust go with --join: an embedded node has its own");
        }
        return files(arguments, "--embedded").orElseThrow();
    }

    /** The store of {@code --join}. */
    static StoreAddress joined(Arguments arguments, String cluster) {
        String servers = arguments.name("--join", "a store").orElseThrow(() -> new UsageException(
                "it needs --embedded DIR, the directory of a node, or --join STORE"));
        return new StoreAddress(
                null, servers, arguments.name("--user", "a name").orElse(null), StoreTls.of(arguments), cluster);
    }

    /** The directory that an option names, of a node of the cluster that is meant. */
    static Optional<NodeFiles> files(Arguments arguments, String option) {
        Optional<NodeFiles> files = arguments.name(option, "a directory")
                .map(name -> NodeFiles.read(directory(option, name)));
        Optional<String> meant = cluster(arguments);
        if (files.isPresent() && meant.isPresent() && !meant.get().equals(files.get().cluster())) {
            throw new FailureException(files.get().directory() + " is that of a node of the cluster "
                    + files.get().cluster() + ", not of " + meant.get());
        }
        return files;
    }

    private static Optional<String> cluster(Arguments arguments) {
        return arguments.value("--cluster").map(name -> NodeAddress.requireName("--cluster", name));
    }

    static Path directory(String option, String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new UsageException(option + ": no directory: " + HumanFormat.printable(name));
        }
    }

    /** The cluster, for those who look in. */
    ClusterOptions options() {
        return ClusterOptions.of(cluster, node == null ? connect() : EmbeddedStore.at(node));
    }

    /**
     * The store that is there already.
     *
     * @throws UsageException if it cannot be meant so
     */
    StoreEngine connect() {
        try {
            if (servers.startsWith("http://") || servers.startsWith("https://")) {
                EtcdStore etcd = tls.of(EtcdStore.at(servers.split(",", -1)), servers);
                return user == null ? etcd : etcd.withUser(user, password());
            }
            ZooKeeperStore zooKeeper = tls.of(ZooKeeperStore.connect(servers));
            return user == null ? zooKeeper : zooKeeper.withDigest(user, password());
        } catch (IllegalArgumentException e) {
            throw new UsageException("--join: " + HumanFormat.printable(String.valueOf(e.getMessage())));
        }
    }

    private static String password() {
        String password = System.getenv(PASSWORD);
        if (password == null || password.isEmpty()) {
            throw new UsageException("--user needs the password in the environment, as " + PASSWORD);
        }
        return password;
    }
}
