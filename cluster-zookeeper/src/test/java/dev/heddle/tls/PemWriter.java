package dev.heddle.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Base64;

/** Identities as PEM files, for programs that read no others. */
public final class PemWriter {

    private PemWriter() {}

    /** Writes the key, and the chain behind it. */
    public static Path write(Path file, TlsIdentity identity) throws IOException, GeneralSecurityException {
        StringBuilder text = new StringBuilder();
        append(text, "PRIVATE KEY", identity.key().getEncoded());
        for (X509Certificate certificate : identity.chain()) {
            append(text, "CERTIFICATE", certificate.getEncoded());
        }
        return Files.writeString(file, text);
    }

    /** Writes the certificate alone. */
    public static Path writeTrust(Path file, TlsIdentity authority) throws IOException, GeneralSecurityException {
        StringBuilder text = new StringBuilder();
        append(text, "CERTIFICATE", authority.certificate().getEncoded());
        return Files.writeString(file, text);
    }

    /** One that signs others. */
    public static TlsIdentity authority(String name) {
        return CertificateMaker.authority(name).selfSigned();
    }

    /** One that an authority has signed. */
    public static TlsIdentity signed(TlsIdentity authority, String host) {
        return CertificateMaker.named(host).signedBy(authority);
    }

    private static void append(StringBuilder text, String kind, byte[] bytes) {
        text.append("-----BEGIN ").append(kind).append("-----\n");
        text.append(Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(bytes));
        text.append("\n-----END ").append(kind).append("-----\n");
    }
}
