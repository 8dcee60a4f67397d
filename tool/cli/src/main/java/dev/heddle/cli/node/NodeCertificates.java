package dev.heddle.cli.node;

import dev.heddle.cli.command.FailureException;
import dev.heddle.tls.TlsAuthority;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** The certificates of a cluster's nodes, and the files they are in. */
final class NodeCertificates {

    /** Longer than any cluster of today; when it ends, all nodes get new ones. */
    private static final Duration AUTHORITY_VALID = Duration.ofDays(3650);

    private NodeCertificates() {}

    /** The authority of a cluster; made if there is none. */
    static TlsAuthority authority(Path file, String cluster) throws IOException {
        if (Files.exists(file)) {
            try {
                return TlsAuthority.pem(file);
            } catch (IllegalArgumentException | UncheckedIOException e) {
                throw new FailureException("cannot take " + file + ": " + e.getMessage(), e);
            }
        }
        TlsAuthority made = TlsAuthority.create("the nodes of the cluster " + cluster, AUTHORITY_VALID);
        writeSecret(file, made.identity().pem());
        return made;
    }

    /**
     * Gives a node a certificate for its host, instead of one that it has: in one step, since the node may run.
     *
     * @param days for how many, but not longer than the authority's own
     */
    static void issue(TlsAuthority authority, Path directory, String host, int days) throws IOException {
        Duration left = Duration.between(Instant.now(), authority.certificate().getNotAfter().toInstant());
        Duration valid = Duration.ofDays(days).compareTo(left) < 0 ? Duration.ofDays(days) : left;
        Path fresh = directory.resolve(NodeFiles.IDENTITY + ".new");
        Files.deleteIfExists(fresh);
        writeSecret(fresh, authority.issue(valid, host).pem());
        Files.writeString(directory.resolve(NodeFiles.TRUST), authority.identity().chainPem());
        Files.move(fresh, directory.resolve(NodeFiles.IDENTITY), StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** Writes a new file that nobody else can read, not even for a moment. */
    private static void writeSecret(Path file, String text) throws IOException {
        var owners = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = Files.newByteChannel(file, options, owners)) {
            var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    /** The first certificate of a file. */
    static X509Certificate read(Path file) throws GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        } catch (IOException e) {
            throw new GeneralSecurityException("cannot read " + file, e);
        }
    }
}
