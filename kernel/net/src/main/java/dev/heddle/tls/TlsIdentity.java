package dev.heddle.tls;

import dev.heddle.tls.internal.TlsKey;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The identity of one end of TLS: a private key, and the certificates that say whose it is.
 *
 * <pre>{@code
 * TlsIdentity ours = TlsIdentity.pem(Path.of("fullchain.pem"), Path.of("privkey.pem"));
 * TlsIdentity forTests = TlsIdentity.selfSigned("localhost", "127.0.0.1");
 * }</pre>
 *
 * <p>Threads: immutable, for any.
 */
public final class TlsIdentity {

    private final PrivateKey key;
    private final List<X509Certificate> chain;

    private TlsIdentity(PrivateKey key, List<X509Certificate> chain) {
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("the chain has no certificate");
        }
        if (!belongTogether(key, chain.getFirst().getPublicKey())) {
            throw new IllegalArgumentException("the private key does not belong to the first certificate, "
                    + chain.getFirst().getSubjectX500Principal() + "; put the server's own certificate first");
        }
        this.key = key;
        this.chain = chain;
    }

    /**
     * Takes a key and its certificates.
     *
     * @param chain the own certificate first, each signed by the next; the root may be left out
     * @throws IllegalArgumentException if the key does not belong to the first certificate
     */
    public static TlsIdentity of(PrivateKey key, X509Certificate... chain) {
        return new TlsIdentity(key, List.of(chain));
    }

    /**
     * Takes certificates and a key from texts in PEM (RFC 7468).
     *
     * @param chain the own certificate first
     * @param key not encrypted: PKCS#8, or the traditional forms of RSA and EC keys
     * @throws IllegalArgumentException if either cannot be read or they do not belong together; the message says what
     *     to do
     */
    public static TlsIdentity pem(String chain, String key) {
        return new TlsIdentity(Pem.privateKey(key), Pem.certificates(chain));
    }

    /**
     * Takes them from files, as {@link #pem(String, String)}; reads them at once. Both may be the same file.
     *
     * <p>A file may be a pipe without a name too, as shells make of {@code <(command)}: a task waits for that, and
     * hears its cancel.
     *
     * @throws UncheckedIOException if a file is not there or cannot be read, is a named pipe, or has more than 64 MiB
     */
    public static TlsIdentity pem(Path chain, Path key) {
        String certificates = Pem.read(chain);
        return pem(certificates, key.equals(chain) ? certificates : Pem.read(key)); // a pipe is read once
    }

    /**
     * Makes a fresh key and signs it by itself: for tests and for trying things out, since nobody trusts it without
     * being told. Valid from an hour ago for 90 days.
     *
     * @param names what it is for, at least one: host names, {@code *.example}, addresses
     */
    public static TlsIdentity selfSigned(String... names) {
        return CertificateMaker.named(names).selfSigned();
    }

    /** The certificates, the own one first. */
    public List<X509Certificate> chain() {
        return chain;
    }

    /** The own certificate: what peers are to trust if it is signed by itself. */
    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /** The certificates in PEM (RFC 7468, section 5), the own one first; no secret. */
    public String chainPem() {
        var text = new StringBuilder();
        try {
            for (X509Certificate certificate : chain) {
                Pem.append(text, "CERTIFICATE", certificate.getEncoded());
            }
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }

    /**
     * The key, not encrypted, and the certificates behind it in PEM, as {@link #pem(Path, Path)} reads them from one
     * file: let nobody else read that.
     *
     * @throws IllegalArgumentException if the key is one that does not leave its device
     */
    public String pem() {
        byte[] encoded = key.getEncoded();
        if (encoded == null) {
            throw new IllegalArgumentException("the key of " + this + " cannot be written");
        }
        var text = new StringBuilder();
        Pem.append(text, Pem.KEY, encoded);
        return text.append(chainPem()).toString();
    }

    PrivateKey key() {
        return key;
    }

    TlsKey asKey() {
        return new TlsKey(key, chain);
    }

    /**
     * Whether the key is of a kind that the JDK asks for: {@code RSA}, {@code EC}, {@code EdDSA}, {@code RSASSA-PSS}.
     */
    boolean fits(String keyType) {
        return keyType.equals(key.getAlgorithm()) || keyType.equals(chain.getFirst().getPublicKey().getAlgorithm());
    }

    private static boolean belongTogether(PrivateKey key, PublicKey publicKey) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
            default -> key.getAlgorithm();
        };
        try {
            byte[] probe = {1, 2, 3};
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(probe);
            Signature checking = Signature.getInstance(algorithm);
            checking.initVerify(publicKey);
            checking.update(probe);
            return checking.verify(signing.sign());
        } catch (GeneralSecurityException e) {
            // Kinds that differ cannot belong together.
            return false;
        }
    }

    @Override
    public String toString() {
        return "TlsIdentity[" + chain.getFirst().getSubjectX500Principal() + "]";
    }
}
