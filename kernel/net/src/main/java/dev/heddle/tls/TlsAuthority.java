package dev.heddle.tls;

import dev.heddle.internal.AsksSystem;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * An authority of one's own, which signs the certificates of the programs that are to believe each other: the nodes of
 * a cluster, the services of a company.
 *
 * <pre>{@code
 * TlsAuthority ours = TlsAuthority.create("shop", Duration.ofDays(3650));
 * TlsIdentity node = ours.issue(Duration.ofDays(365), "node-1.example", "10.0.0.1");
 * TlsTrust trust = ours.trust();
 * }</pre>
 *
 * <p>Whoever has its key makes certificates that all of them believe: keep it where none of them runs. Keys are on the
 * curve P-256. There are no requests and no lists of revoked certificates: one that got lost is believed until its time
 * is over.
 *
 * <p>Threads: immutable, for any.
 */
@AsksSystem("certificates have the system's time")
public final class TlsAuthority {

    /** For peers whose clocks are behind. */
    private static final Duration BEFORE = Duration.ofHours(1);

    private final TlsIdentity identity;

    private TlsAuthority(TlsIdentity identity) {
        this.identity = identity;
    }

    /**
     * Makes one with a fresh key.
     *
     * @param name for people who read certificates
     * @param valid for how long, from an hour ago
     */
    public static TlsAuthority create(String name, Duration valid) {
        Instant from = Instant.now().minus(BEFORE);
        return new TlsAuthority(CertificateMaker.authority(name).valid(from, from.plus(valid)).selfSigned());
    }

    /**
     * Takes one whose key and certificate {@link TlsIdentity#pem()} has written, or another program; reads the file as
     * {@link TlsIdentity#pem(Path, Path)} does.
     *
     * @throws IllegalArgumentException if the certificate is not one that may sign others
     */
    public static TlsAuthority pem(Path file) {
        TlsIdentity read = TlsIdentity.pem(file, file);
        if (read.certificate().getBasicConstraints() < 0) {
            throw new IllegalArgumentException(file + " is the certificate of "
                    + read.certificate().getSubjectX500Principal() + ", which is no authority");
        }
        return new TlsAuthority(read);
    }

    /**
     * Makes a key and signs a certificate for it, with which a program is a server and a client.
     *
     * @param valid for how long, from an hour ago; not longer than the authority itself
     * @param names what it is for, at least one: host names, {@code *.example}, addresses
     */
    public TlsIdentity issue(Duration valid, String... names) {
        Objects.requireNonNull(valid);
        Instant from = Instant.now().minus(BEFORE);
        Instant until = from.plus(valid);
        Instant last = certificate().getNotAfter().toInstant();
        return CertificateMaker.named(names).valid(from, until.isBefore(last) ? until : last).signedBy(identity);
    }

    /** Its own certificate: what the programs are to trust. */
    public X509Certificate certificate() {
        return identity.certificate();
    }

    /** The trust in what it has signed, and nothing else. */
    public TlsTrust trust() {
        return TlsTrust.of(certificate());
    }

    /** Its key and its certificate; the key is all that an impostor needs. */
    public TlsIdentity identity() {
        return identity;
    }

    @Override
    public String toString() {
        return "TlsAuthority[" + certificate().getSubjectX500Principal() + "]";
    }
}
