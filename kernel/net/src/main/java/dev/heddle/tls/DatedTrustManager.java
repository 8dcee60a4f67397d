package dev.heddle.tls;

import dev.heddle.internal.AsksSystem;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The trust manager of the JDK with one more rule: it believes a certificate that is itself among the trusted ones
 * without a look at its dates.
 */
@AsksSystem("certificates have the system's time")
final class DatedTrustManager extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager checks;

    private DatedTrustManager(X509ExtendedTrustManager checks) {
        this.checks = checks;
    }

    static TrustManager[] around(TrustManager[] managers) {
        TrustManager[] dated = managers.clone();
        for (int i = 0; i < dated.length; i++) {
            if (dated[i] instanceof X509ExtendedTrustManager checks) {
                dated[i] = new DatedTrustManager(checks);
            }
        }
        return dated;
    }

    private static void checkDates(X509Certificate[] chain) throws CertificateException {
        X509Certificate own = chain[0];
        Instant now = Instant.now();
        Instant from = own.getNotBefore().toInstant();
        Instant until = own.getNotAfter().toInstant();
        if (now.isAfter(until)) {
            throw new CertificateExpiredException("on " + until + name(own));
        }
        if (now.isBefore(from)) {
            throw new CertificateNotYetValidException("but from " + from + name(own));
        }
    }

    private static String name(X509Certificate certificate) {
        return " (" + certificate.getSubjectX500Principal() + ")";
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checks.checkServerTrusted(chain, authType, engine);
        checkDates(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checks.checkClientTrusted(chain, authType, engine);
        checkDates(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checks.checkServerTrusted(chain, authType, socket);
        checkDates(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checks.checkClientTrusted(chain, authType, socket);
        checkDates(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        checks.checkServerTrusted(chain, authType);
        checkDates(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        checks.checkClientTrusted(chain, authType);
        checkDates(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return checks.getAcceptedIssuers();
    }
}
