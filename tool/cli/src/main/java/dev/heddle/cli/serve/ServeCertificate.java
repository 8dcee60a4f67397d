package dev.heddle.cli.serve;

import dev.heddle.cli.command.ErrorText;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.UsageException;
import dev.heddle.internal.Hash;
import dev.heddle.tls.TlsIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The certificate that {@code heddle serve} shows to its clients: the user's own, or one made for this run.
 *
 * <p>The key of a made one never leaves the memory. Its certificate, which is no secret, can be had as a file while the
 * server runs, for clients that are told to trust it.
 *
 * @param identity key and certificates
 * @param names what a made one is for; none if it is the user's own
 */
record ServeCertificate(TlsIdentity identity, List<String> names) {

    /** One made now, for this machine's own names and the host listened on. */
    static ServeCertificate fresh(String host) {
        List<String> names = new ArrayList<>(List.of("localhost", "127.0.0.1", "::1"));
        boolean isAll = host.equals("0.0.0.0") || host.equals("::");
        if (!isAll && !names.contains(host)) {
            names.add(host);
        }
        try {
            return new ServeCertificate(TlsIdentity.selfSigned(names.toArray(String[]::new)), List.copyOf(names));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--host: " + ErrorText.of(e));
        }
    }

    /**
     * The user's own.
     *
     * @param chain a PEM file, the own certificate first
     * @param key a PEM file, maybe the same
     * @throws UsageException if they cannot be read or do not belong together
     */
    static ServeCertificate read(String chain, String key) {
        try {
            return new ServeCertificate(TlsIdentity.pem(readable("--cert", chain), readable("--key", key)), List.of());
        } catch (UncheckedIOException e) {
            throw new UsageException("--cert: " + ErrorText.of(e));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--cert, --key: " + ErrorText.of(e));
        }
    }

    private static Path readable(String option, String name) {
        try {
            Path file = Path.of(name);
            if (Files.isReadable(file)) {
                return file;
            }
            String why = Files.exists(file) ? "permission denied" : "no such file";
            throw new UsageException(option + ": cannot read " + HumanFormat.printable(name) + ": " + why);
        } catch (InvalidPathException e) {
            throw new UsageException(option + ": no file name: " + HumanFormat.printable(name));
        }
    }

    /** Whether it was made for this run, so that nobody trusts it yet. */
    boolean fresh() {
        return !names.isEmpty();
    }

    /** What tells it from all others: SHA-256 of its bytes, as openssl and browsers show it. */
    String fingerprint() {
        try {
            byte[] digest = Hash.sha256(identity.certificate().getEncoded());
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes it into a new file that only the owner can change. */
    Path toTemporaryFile() throws IOException {
        Path file = Files.createTempFile("heddle-serve-", ".pem");
        return Files.writeString(file, identity.chainPem());
    }
}
