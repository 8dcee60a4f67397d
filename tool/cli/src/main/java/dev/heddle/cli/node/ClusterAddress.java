package dev.heddle.cli.node;

import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.UsageException;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.store.StoreAddress;
import dev.heddle.cluster.store.StoreEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The address of a cluster, as the options of its commands say it: {@code --embedded DIR}, or {@code --join STORE} with
 * {@code --cluster NAME}, which for a file may be left out.
 *
 * @param node the directory of a node with a server of its own; null with a store that is there already
 * @param store that store; null with a node
 * @param cluster the name of the cluster
 */
record ClusterAddress(@Nullable NodeFiles node, @Nullable StoreAddress store, String cluster) {

    /** The password of the store's user: arguments can be seen by all users of a machine. */
    static final String PASSWORD = "HEDDLE_STORE_PASSWORD";

    /** What the help says of the options. */
    static final String HELP = """
                  --embedded DIR      the directory of a node on this machine with its own ZooKeeper server
                  --join STORE        the store: zk1:2181,zk2:2181 are servers of ZooKeeper,
                                      https://etcd1:2379,https://etcd2:2379 of etcd; postgres://USER@HOST/DATABASE,
                                      with ?schema=NAME and the driver's parameters, or its jdbc:postgresql: URL;
                                      sqlite:PATH is a file on this machine
                  --cluster NAME      the name of the cluster in the store (in a file: local, unless told)
                  --user NAME         the user of the store; HEDDLE_STORE_PASSWORD in the environment has the password
                  --pass-file FILE    the password is the first line of this file
                  --trust FILE        the certificate authorities of the store's servers, in PEM (default: those of
                                      this machine; for ZooKeeper always needed with TLS)
                  --cert FILE         the client certificate for the store, in PEM, with its chain
                  --key FILE          its key, unless the same file has it (for ZooKeeper it must)
            """;

    /** Adds the options. */
    static Arguments.Syntax syntax() {
        return StoreTls.syntax(Arguments.syntax().option("--embedded").option("--join").option("--cluster")
                .option("--user").option("--pass-file"));
    }

    /**
     * Reads the options of a command that looks in from outside.
     *
     * @throws UsageException if they are wrong
     * @throws FailureException if the directory is none of a node
     */
    static ClusterAddress of(Arguments arguments) {
        if (arguments.has("--embedded")) {
            NodeFiles node = embedded(arguments);
            return new ClusterAddress(node, null, node.cluster());
        }
        StoreAddress store = joined(arguments);
        String cluster = cluster(arguments).or(() -> ofFile(store)).orElseThrow(
                () -> new UsageException("--join needs --cluster NAME: a store may have several clusters"));
        return new ClusterAddress(null, store, cluster);
    }

    /** The cluster in a file, unless the program has given it another name. */
    private static Optional<String> ofFile(StoreAddress store) {
        return store.text().startsWith("sqlite:") ? Optional.of(ClusterOptions.local().cluster()) : Optional.empty();
    }

    /** The directory of {@code --embedded}. */
    static NodeFiles embedded(Arguments arguments) {
        if (arguments.has("--join") || arguments.has("--user") || arguments.has("--pass-file")) {
            throw new UsageException("--embedded and --join are two ways: take one");
        }
        if (StoreTls.isIn(arguments)) {
            throw new UsageException("--cert, --key and --trust go with --join: an embedded node has its own");
        }
        return files(arguments, "--embedded").orElseThrow();
    }

    /** The store of {@code --join}. */
    static StoreAddress joined(Arguments arguments) {
        String text = arguments.name("--join", "a store").orElseThrow(() -> new UsageException(
                "it needs --embedded DIR, the directory of a node, or --join STORE"));
        try {
            StoreAddress store = StoreAddress.of(text);
            if (store.password().isPresent()) {
                throw new UsageException("--join: all users of this machine can see a password there; put it into"
                        + " the environment as " + PASSWORD + ", or take --pass-file FILE");
            }
            return StoreTls.of(arguments).on(withPassword(arguments, store));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--join: " + HumanFormat.printable(String.valueOf(e.getMessage())));
        }
    }

    private static StoreAddress withPassword(Arguments arguments, StoreAddress store) {
        Optional<String> user = arguments.name("--user", "a name").or(store::user);
        Optional<String> password = password(arguments);
        if (user.isEmpty()) {
            if (arguments.has("--pass-file")) {
                throw new UsageException("--pass-file needs --user NAME");
            }
            return store;
        }
        return password.isPresent()
                ? store.withUser(user.get(), password.get())
                : store.withUser(user.get());
    }

    private static Optional<String> password(Arguments arguments) {
        Optional<String> name = arguments.name("--pass-file", "a file");
        if (name.isEmpty()) {
            return Optional.ofNullable(System.getenv(PASSWORD)).filter(word -> !word.isEmpty());
        }
        Path file = directory("--pass-file", name.get());
        try {
            return Optional.of(Files.readString(file).lines().findFirst().orElse("")).filter(word -> !word.isEmpty());
        } catch (IOException e) {
            throw new FailureException("--pass-file: cannot read " + file + ": " + e, e);
        }
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
        return ClusterOptions.of(cluster, store == null
                ? EmbeddedStore.at(Objects.requireNonNull(node))
                : connect(store));
    }

    /**
     * The engine of a store that is there already.
     *
     * @throws UsageException if it cannot be meant so
     * @throws FailureException if the jars of this kind of store are missing
     */
    static StoreEngine connect(StoreAddress store) {
        try {
            return store.connect();
        } catch (IllegalArgumentException e) {
            throw new UsageException("--join: " + HumanFormat.printable(String.valueOf(e.getMessage())));
        } catch (IllegalStateException e) {
            throw new FailureException(e.getMessage() + "; such jars are in the directory cluster beside the command's"
                    + " jar, which the script heddle adds", e);
        }
    }
}
