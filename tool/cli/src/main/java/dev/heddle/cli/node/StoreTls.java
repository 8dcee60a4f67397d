package dev.heddle.cli.node;

import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.UsageException;
import dev.heddle.cluster.etcd.EtcdStore;
import dev.heddle.cluster.zookeeper.PemFiles;
import dev.heddle.cluster.zookeeper.ZooKeeperStore;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The files with which a command shows a store who it is, and knows the store by: {@code --cert}, {@code --key} and
 * {@code --trust}. They are read before anything is sent: an engine would only say that it cannot connect.
 *
 * @param certificate the own certificate and the chain behind it, in PEM; null to show none
 * @param key its private key; null if the same file has it
 * @param trust the certificates of who signs those of the store's servers; null for those that this machine trusts
 */
record StoreTls(@Nullable Path certificate, @Nullable Path key, @Nullable Path trust) {

    /** Nothing is said of it. */
    static final StoreTls NONE = new StoreTls(null, null, null);

    private static final String CERTIFICATE = "--cert";
    private static final String KEY = "--key";
    private static final String TRUST = "--trust";

    /** What ZooKeeper's client has beside its own jars when it speaks TLS. */
    private static final String[] FOR_ZOOKEEPER = {"io.netty.resolver.AddressResolverGroup",
            "io.netty.channel.epoll.Epoll"};

    /** Adds the options. */
    static Arguments.Syntax syntax(Arguments.Syntax syntax) {
        return syntax.option(CERTIFICATE).option(KEY).option(TRUST);
    }

    /**
     * Reads the options.
     *
     * @throws UsageException if they are wrong
     */
    static StoreTls of(Arguments arguments) {
        var tls = new StoreTls(file(arguments, CERTIFICATE), file(arguments, KEY), file(arguments, TRUST));
        if (tls.key != null && tls.certificate == null) {
            throw new UsageException("--key needs --cert FILE, the certificate that belongs to it");
        }
        return tls;
    }

    /** Whether one of them is there. */
    static boolean isIn(Arguments arguments) {
        return arguments.has(CERTIFICATE) || arguments.has(KEY) || arguments.has(TRUST);
    }

    private static @Nullable Path file(Arguments arguments, String option) {
        Optional<String> name = arguments.name(option, "a file");
        return name.isPresent() ? StoreAddress.directory(option, name.get()) : null;
    }

    /** An etcd that is reached so. */
    EtcdStore of(EtcdStore etcd, String servers) {
        if (equals(NONE)) {
            return etcd;
        }
        if (servers.startsWith("http://") || servers.contains(",http://")) {
            throw new UsageException("--cert, --key and --trust are for https:// servers; http:// has no TLS");
        }
        ClientTls tls = ClientTls.DEFAULT;
        if (trust != null) {
            tls = tls.withTrust(trusted(trust));
        }
        if (certificate != null) {
            tls = tls.withIdentity(identity(certificate, Objects.requireNonNullElse(key, certificate)));
        }
        return etcd.withTls(tls);
    }

    /** A ZooKeeper that is reached so. */
    ZooKeeperStore of(ZooKeeperStore zooKeeper) {
        if (equals(NONE)) {
            return zooKeeper;
        }
        if (certificate == null || trust == null) {
            throw new UsageException("TLS to ZooKeeper is mutual: it needs --cert FILE and --trust FILE");
        }
        if (key != null && !key.equals(certificate)) {
            throw new UsageException("ZooKeeper's client takes the key from the file of the certificate: put both into"
                    + " one, and leave --key out");
        }
        var _ = identity(certificate, certificate);
        var _ = trusted(trust);
        requireNetty();
        return zooKeeper.withTls(new PemFiles(certificate, trust));
    }

    private static TlsTrust trusted(Path file) {
        return read(TRUST, file, () -> TlsTrust.pem(file));
    }

    private static TlsIdentity identity(Path certificate, Path key) {
        return read(CERTIFICATE, certificate, () -> TlsIdentity.pem(certificate, key));
    }

    private static <T> T read(String option, Path file, Supplier<T> reader) {
        try {
            return reader.get();
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new FailureException(option + ": cannot take " + file + ": " + e.getMessage(), e);
        }
    }

    private static void requireNetty() {
        for (String name : FOR_ZOOKEEPER) {
            try {
                Class.forName(name, false, StoreTls.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                throw new FailureException("TLS to ZooKeeper needs netty-resolver and netty-transport-classes-epoll, of"
                        + " the version of the other Netty jars, in the directory cluster beside the command's jar: "
                        + name + " is missing", e);
            }
        }
    }
}
