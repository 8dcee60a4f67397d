package dev.heddle.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Certificates made for one test run by the JDK's own tool. */
public final class TlsKeys {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private final Path directory;

    public TlsKeys(Path directory) {
        this.directory = directory;
    }

    /** Makes a key with a certificate signed by itself. */
    public KeyStore selfSigned(String alias, String... options) {
        Path file = directory.resolve(alias + ".p12");
        List<String> command = new ArrayList<>(List.of(
                "-genkeypair", "-alias", alias, "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=" + alias,
                "-storetype", "PKCS12", "-keystore", file.toString(), "-storepass", new String(PASSWORD)));
        command.addAll(List.of(options));
        keytool(command);
        return load(file);
    }

    /** Makes a key with a certificate signed by that of another, made before. */
    public KeyStore signedBy(String signer, String alias, String... options) {
        String store = directory.resolve(signer + ".p12").toString();
        List<String> command = new ArrayList<>(List.of(
                "-genkeypair", "-alias", alias, "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=" + alias,
                "-storetype", "PKCS12", "-keystore", store, "-storepass", new String(PASSWORD), "-signer", signer));
        command.addAll(List.of(options));
        keytool(command);
        KeyStore both = load(Path.of(store));
        try {
            for (String other : Collections.list(both.aliases())) {
                if (!other.equals(alias)) {
                    both.deleteEntry(other);
                }
            }
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
        return both;
    }

    private static void keytool(List<String> arguments) {
        try {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
            command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
            command.addAll(arguments);
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError("keytool failed: " + output);
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyStore load(Path file) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = new ByteArrayInputStream(Files.readAllBytes(file))) {
                store.load(in, PASSWORD);
            }
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** A context that shows a key, if there is one, and trusts the certificates of the others. */
    public static SSLContext context(@Nullable KeyStore key, KeyStore... trusted) {
        try {
            KeyStore anchors = KeyStore.getInstance("PKCS12");
            anchors.load(null, null);
            for (KeyStore store : trusted) {
                String alias = store.aliases().nextElement();
                anchors.setCertificateEntry(alias, store.getCertificate(alias));
            }
            var trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(anchors);
            KeyManagerFactory keys = null;
            if (key != null) {
                keys = KeyManagerFactory.getInstance("PKIX");
                keys.init(key, PASSWORD);
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    keys == null ? null : keys.getKeyManagers(),
                    trusted.length == 0 ? null : trust.getTrustManagers(),
                    null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
