package dev.heddle.tls;

import dev.heddle.internal.AsksSystem;
import dev.heddle.internal.FirstUse;
import dev.heddle.internal.Hash;
import dev.heddle.io.TlsException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A maker of X.509 certificates (RFC 5280) with fresh keys on the curve P-256, signed by themselves or by an authority
 * made here. There is no request, no renewal and no safe place for the key.
 *
 * @param names host names and addresses; empty for an authority
 */
@AsksSystem("certificates have the system's time")
record CertificateMaker(List<String> names, Instant from, Instant until, boolean authority, BigInteger serial) {

    private static final Duration VALID = Duration.ofDays(90);
    private static final int SERIAL_BITS = 120;

    private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String KEY_USAGE = "2.5.29.15";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
    private static final String SUBJECT_KEY = "2.5.29.14";
    private static final String AUTHORITY_KEY = "2.5.29.35";
    private static final String COMMON_NAME = "2.5.4.3";
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

    /** digitalSignature alone, and keyCertSign with cRLSign (RFC 5280, section 4.2.1.3). */
    private static final byte SIGNS = (byte) 0x80;

    private static final byte SIGNS_CERTIFICATES = 0x06;

    /** The first part of an authority key identifier (RFC 5280, section 4.2.1.1). */
    private static final int KEY_IDENTIFIER = 0x80;

    private static final int IDENTIFIER_BYTES = 20;

    /** Kinds of general names (RFC 5280, section 4.2.1.6). */
    private static final int DNS_NAME = 0x82;

    private static final int IP_ADDRESS = 0x87;

    private static final Pattern LAST_NUMBER = Pattern.compile("(^|\\.)[0-9]+$");

    static CertificateMaker named(String... names) {
        if (names.length == 0) {
            throw new IllegalArgumentException("no name for the certificate; name the host, such as localhost");
        }
        return fresh(List.of(names), false);
    }

    static CertificateMaker authority(String name) {
        return fresh(List.of(name), true);
    }

    private static CertificateMaker fresh(List<String> names, boolean authority) {
        try {
            FirstUse.TLS.begin();
        } catch (IOException e) {
            throw new TlsException("no certificate can be made: " + e.getMessage(), e);
        }
        // An hour ago, for peers whose clocks are behind.
        Instant from = Instant.now().minus(Duration.ofHours(1));
        return new CertificateMaker(names, from, from.plus(VALID), authority, drawnSerial());
    }

    private static BigInteger drawnSerial() {
        return new BigInteger(SERIAL_BITS, new SecureRandom());
    }

    CertificateMaker valid(Instant from, Instant until) {
        return new CertificateMaker(names, from, until, authority, serial);
    }

    TlsIdentity selfSigned() {
        KeyPair pair = keyPair();
        return TlsIdentity.of(pair.getPrivate(), certificate(pair, commonName(), pair));
    }

    TlsIdentity signedBy(TlsIdentity issuer) {
        KeyPair pair = keyPair();
        byte[] issuerName = issuer.certificate().getSubjectX500Principal().getEncoded();
        List<X509Certificate> chain = new ArrayList<>(List.of(certificate(pair, issuerName,
                new KeyPair(issuer.certificate().getPublicKey(), issuer.key()))));
        chain.addAll(issuer.chain());
        return TlsIdentity.of(pair.getPrivate(), chain.toArray(X509Certificate[]::new));
    }

    private static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM cannot make keys on P-256", e);
        }
    }

    private byte[] commonName() {
        return Der.sequence(Der.of(Der.SET, Der.sequence(Der.oid(COMMON_NAME), Der.utf8(names.getFirst()))));
    }

    private X509Certificate certificate(KeyPair pair, byte[] issuerName, KeyPair signer) {
        byte[] body = Der.sequence(
                Der.of(Der.CONTEXT, Der.integer(2)),
                Der.integer(serial),
                Der.sequence(Der.oid(ECDSA_WITH_SHA256)),
                issuerName,
                Der.sequence(Der.time(from), Der.time(until)),
                commonName(),
                pair.getPublic().getEncoded(),
                Der.of(Der.CONTEXT | 3, extensions(pair, signer)));
        try {
            var factory = CertificateFactory.getInstance("X.509");
            return (X509Certificate) factory
                    .generateCertificate(new ByteArrayInputStream(signed(body, signer.getPrivate())));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no certificate can be made for " + names + ": " + e.getMessage(), e);
        }
    }

    /** What is signed, how, and the signature: the outer form of certificates and of revocation lists. */
    static byte[] signed(byte[] body, PrivateKey signer) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(signer);
        signature.update(body);
        return Der.sequence(body, Der.sequence(Der.oid(ECDSA_WITH_SHA256)), Der.bits(0, signature.sign()));
    }

    private byte[] extensions(KeyPair pair, KeyPair signer) {
        byte[] subjectKey = extension(SUBJECT_KEY, false, Der.octets(identifier(pair)));
        byte[] authorityKey = extension(AUTHORITY_KEY, false, Der.sequence(Der.of(KEY_IDENTIFIER, identifier(signer))));
        if (authority) {
            return Der.sequence(
                    extension(BASIC_CONSTRAINTS, true, Der.sequence(Der.bool(true))),
                    extension(KEY_USAGE, true, Der.bits(1, SIGNS_CERTIFICATES)),
                    subjectKey,
                    authorityKey);
        }
        byte[][] alternatives = names.stream().map(CertificateMaker::generalName).toArray(byte[][]::new);
        return Der.sequence(
                extension(BASIC_CONSTRAINTS, true, Der.sequence()),
                extension(KEY_USAGE, true, Der.bits(7, SIGNS)),
                extension(EXTENDED_KEY_USAGE, false, Der.sequence(Der.oid(SERVER_AUTH), Der.oid(CLIENT_AUTH))),
                extension(SUBJECT_ALTERNATIVE_NAME, false, Der.sequence(alternatives)),
                subjectKey,
                authorityKey);
    }

    /** Any value that differs from key to key (RFC 7093). */
    private static byte[] identifier(KeyPair pair) {
        return Arrays.copyOf(Hash.sha256(pair.getPublic().getEncoded()), IDENTIFIER_BYTES);
    }

    private static byte[] extension(String oid, boolean critical, byte[] value) {
        return critical
                ? Der.sequence(Der.oid(oid), Der.bool(true), Der.octets(value))
                : Der.sequence(Der.oid(oid), Der.octets(value));
    }

    private static byte[] generalName(String name) {
        // No domain at the top is a number, but a host may end in one.
        boolean address = name.indexOf(':') >= 0 || LAST_NUMBER.matcher(name).find();
        return address
                ? Der.of(IP_ADDRESS, InetAddress.ofLiteral(name).getAddress())
                : Der.of(DNS_NAME, name.getBytes(StandardCharsets.US_ASCII));
    }
}
