package dev.heddle.cli.node;

import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.UsageException;
import dev.heddle.cluster.store.StoreAddress;
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

    private static final String CERTIFICATE = "--cert";
    private static final String KEY = "--key";
    private static final String TRUST = "--trust";

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
        return name.isPresent() ? ClusterAddress.directory(option, name.get()) : null;
    }

    /** A store that is reached so. */
    StoreAddress on(StoreAddress store) {
        StoreAddress reached = store;
        if (certificate != null) {
            Path file = certificate;
            Path secret = Objects.requireNonNullElse(key, file);
            var _ = read(CERTIFICATE, file, () -> TlsIdentity.pem(file, secret));
            reached = reached.withCertificate(file, secret);
        }
        if (trust != null) {
            Path file = trust;
            var _ = read(TRUST, file, () -> TlsTrust.pem(file));
            reached = reached.withTrust(file);
        }
        return reached;
    }

    private static <T> T read(String option, Path file, Supplier<T> reader) {
        try {
            return reader.get();
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new FailureException(option + ": cannot take " + file + ": " + e.getMessage(), e);
        }
    }
}
