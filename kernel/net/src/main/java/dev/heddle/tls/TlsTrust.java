package dev.heddle.tls;

import dev.heddle.tls.internal.UnmappedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CRL;
import java.security.cert.CRLException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.PKIXRevocationChecker.Option;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificates that are believed: those of the authorities named here, and the certificates named here themselves.
 *
 * <p>Threads: immutable, for any.
 */
public final class TlsTrust {

    /** Believes whoever comes. */
    static final TrustManager[] ANYBODY = {new InsecureTrustManager()};

    private static final TlsTrust SYSTEM = new TlsTrust(List.of(), List.of());

    private final List<X509Certificate> anchors;
    private final List<CRL> revocations;

    private TlsTrust(List<X509Certificate> anchors, List<CRL> revocations) {
        this.anchors = anchors;
        this.revocations = revocations;
    }

    /** The authorities that come with the JVM. */
    public static TlsTrust system() {
        return SYSTEM;
    }

    /** These authorities or certificates only, at least one. */
    public static TlsTrust of(X509Certificate... certificates) {
        return of(List.of(certificates));
    }

    /** Those of a text with one or more PEM certificates (RFC 7468, section 5) only. */
    public static TlsTrust pem(String certificates) {
        return of(Pem.certificates(certificates));
    }

    /**
     * Those of a file with PEM certificates only; reads it at once.
     *
     * <p>A file may be a pipe without a name too, as shells make of {@code <(command)}: a task waits for that, and
     * hears its cancel.
     *
     * @throws UncheckedIOException if a file is not there or cannot be read, is a named pipe, or has more than 64 MiB
     */
    public static TlsTrust pem(Path certificates) {
        return pem(Pem.read(certificates));
    }

    private static TlsTrust of(List<X509Certificate> certificates) {
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("no certificate to trust; system() is the JVM's own choice");
        }
        return new TlsTrust(certificates, List.of());
    }

    /**
     * This trust, less what its authorities have revoked. Each authority must have a list here, or nothing it signed is
     * believed; nobody is asked over the network.
     *
     * @param lists one or more PEM revocation lists (RFC 7468, section 6)
     * @throws IllegalArgumentException if there is none, or one is broken or cut off
     * @throws IllegalStateException if this is the JVM's own choice
     */
    public TlsTrust withRevocations(String lists) {
        if (anchors.isEmpty()) {
            throw new IllegalStateException(
                    "the revocations of the JVM's own authorities are not kept here; name authorities");
        }
        try {
            Collection<? extends CRL> parsed = CertificateFactory.getInstance("X.509")
                    .generateCRLs(new ByteArrayInputStream(lists.getBytes(StandardCharsets.US_ASCII)));
            if (parsed.isEmpty()) {
                throw new IllegalArgumentException("no revocation list is in the text");
            }
            // The JDK leaves out a list without its end, and what it revokes would be believed.
            if (parsed.size() != lists.split("-----BEGIN ", -1).length - 1) {
                throw new IllegalArgumentException("not every revocation list that begins in the text is whole");
            }
            return new TlsTrust(anchors, List.copyOf(parsed));
        } catch (CRLException | CertificateException e) {
            throw new IllegalArgumentException("this is no revocation list in PEM: " + e.getMessage(), e);
        }
    }

    /** This trust, less what is revoked in a file; reads it at once, as {@link #pem(Path)} does. */
    public TlsTrust withRevocations(Path lists) {
        return withRevocations(Pem.read(lists));
    }

    /**
     * The authorities in PEM (RFC 7468, section 5), as {@link #pem(String)} reads them: for a library that checks by itself.
     *
     * @throws IllegalStateException if something is revoked, which this text cannot say
     */
    public String pem() {
        if (!revocations.isEmpty()) {
            throw new IllegalStateException("what is revoked cannot be said in " + this);
        }
        var text = new StringBuilder();
        try {
            for (X509Certificate certificate : manager().getAcceptedIssuers()) {
                Pem.append(text, "CERTIFICATE", certificate.getEncoded());
            }
        } catch (GeneralSecurityException | UnmappedException e) {
            throw new IllegalStateException("the authorities cannot be read", e);
        }
        return text.toString();
    }

    /** For others than the JDK. */
    X509ExtendedTrustManager manager() throws GeneralSecurityException, UnmappedException {
        TrustManager[] own = managers();
        return JdkContexts.extended(own == null ? JdkContexts.defaultTrust() : own);
    }

    /** For the JDK; null for its own choice. */
    TrustManager @Nullable [] managers() throws GeneralSecurityException {
        if (anchors.isEmpty()) {
            return null;
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
        for (int i = 0; i < anchors.size(); i++) {
            store.setCertificateEntry("trusted-" + i, anchors.get(i));
        }
        var factory = TrustManagerFactory.getInstance("PKIX");
        if (revocations.isEmpty()) {
            factory.init(store);
        } else {
            factory.init(new CertPathTrustManagerParameters(checkingRevocations(store)));
        }
        return DatedTrustManager.around(factory.getTrustManagers());
    }

    private PKIXBuilderParameters checkingRevocations(KeyStore store) throws GeneralSecurityException {
        var parameters = new PKIXBuilderParameters(store, new X509CertSelector());
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(revocations)));
        var checker = (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
        checker.setOptions(EnumSet.of(Option.PREFER_CRLS, Option.NO_FALLBACK));
        parameters.addCertPathChecker(checker);
        return parameters;
    }

    @Override
    public String toString() {
        return anchors.isEmpty() ? "TlsTrust[system]" : "TlsTrust[" + anchors.size() + " certificates]";
    }
}
