package dev.heddle.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The identity of all servers with TLS: one key on P-256 and its certificate, signed by itself. The JDK's keytool makes them
 * when they are first used.
 */
final class TlsCertificate {

    static final String PROTOCOL = "TLSv1.3";
    static final String CIPHER_SUITE = "TLS_AES_128_GCM_SHA256";

    private static final String FILE = "localhost.p12";
    private static final String ALIAS = "localhost";

    /** Guards nothing: the key is of no use to anybody. But keytool wants one. */
    private static final String PASSWORD = "changeit";

    private final KeyStore store;

    private TlsCertificate(KeyStore store) {
        this.store = store;
    }

    /**
     * Reads it, and makes it before if it is not there.
     *
     * @throws IllegalStateException if it cannot be made
     */
    static TlsCertificate load() throws IOException, GeneralSecurityException {
        Path file = Home.TLS.resolve(FILE);
        if (!Files.exists(file)) {
            make(file);
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return new TlsCertificate(store);
    }

    /** Elsewhere first, then linked into place unless another process was quicker: it may be in use already. */
    private static void make(Path file) throws IOException {
        Files.createDirectories(Home.TLS);
        Path directory = Files.createTempDirectory(Home.TLS, "new");
        Path fresh = directory.resolve(FILE);
        try {
            runKeytool(fresh);
            Files.createLink(file, fresh);
        } catch (FileAlreadyExistsException e) {
            // All take the one that is there.
        } finally {
            Files.deleteIfExists(fresh);
            Files.delete(directory);
        }
    }

    private static void runKeytool(Path file) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", ALIAS, "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=localhost",
                "-validity", "3650", "-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", file.toString());
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (keytool.waitFor() != 0) {
                throw new IllegalStateException("keytool could not make a certificate: " + output);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    PrivateKey key() throws GeneralSecurityException {
        return (PrivateKey) store.getKey(ALIAS, PASSWORD.toCharArray());
    }

    X509Certificate certificate() throws GeneralSecurityException {
        return (X509Certificate) store.getCertificate(ALIAS);
    }

    /** For a server that shows it. */
    SSLContext server() throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    /** For a client that trusts it and nobody else. */
    SSLContext client() throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(ALIAS, certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
