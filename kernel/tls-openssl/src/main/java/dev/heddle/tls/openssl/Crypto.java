package dev.heddle.tls.openssl;

import java.io.ByteArrayInputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** The functions of {@code libcrypto}, each by its own name, and certificates and keys on their way from and to the JDK. */
final class Crypto {

    static final NativeFunction BIO_NEW = new NativeFunction("BIO_new");
    static final NativeFunction BIO_FREE = new NativeFunction("BIO_free");
    static final NativeFunction BIO_MEMORY = new NativeFunction("BIO_s_mem", true);
    static final NativeFunction BIO_PENDING = new NativeFunction("BIO_ctrl_pending", true);
    static final BytesFunction BIO_READ = new BytesFunction("BIO_read");
    static final BytesFunction BIO_WRITE = new BytesFunction("BIO_write");
    static final NativeFunction ERR_GET = new NativeFunction("ERR_get_error", true);
    private static final NativeFunction ERR_PEEK = new NativeFunction("ERR_peek_error", true);
    private static final NativeFunction ERR_CLEAR = new NativeFunction("ERR_clear_error", true);
    static final NativeFunction ERR_REASON = new NativeFunction("ERR_reason_error_string");
    static final NativeFunction CIPHER_NAME = new NativeFunction("OPENSSL_cipher_name");
    static final NativeFunction X509_FREE = new NativeFunction("X509_free");
    static final NativeFunction KEY_FREE = new NativeFunction("EVP_PKEY_free");
    static final NativeFunction STORE_DATA = new NativeFunction("X509_STORE_CTX_get_ex_data");
    static final NativeFunction STORE_UNTRUSTED = new NativeFunction("X509_STORE_CTX_get0_untrusted");
    static final NativeFunction STORE_SET_ERROR = new NativeFunction("X509_STORE_CTX_set_error");

    /** {@code OPENSSL_INIT_NO_ATEXIT}: threads may be at work in the library when the process exits. */
    private static final long INIT_NO_ATEXIT = 0x80000;

    private static final NativeFunction D2I_X509 = new NativeFunction("d2i_X509");
    private static final NativeFunction I2D_X509 = new NativeFunction("i2d_X509");
    private static final NativeFunction D2I_KEY = new NativeFunction("d2i_AutoPrivateKey");
    private static final NativeFunction STACK_SIZE = new NativeFunction("OPENSSL_sk_num", true);
    private static final NativeFunction STACK_VALUE = new NativeFunction("OPENSSL_sk_value", true);

    static {
        // Before all else: contexts cannot be made without the names of cipher suites, which are here.
        new NativeFunction("OPENSSL_init_crypto").call(INIT_NO_ATEXIT, 0);
    }

    private Crypto() {}

    /** Takes all errors of this thread out; a look first, since there are none but seldom, and clearing costs six looks. */
    static void clearErrors() {
        if (ERR_PEEK.call(0) != 0) {
            ERR_CLEAR.call(0);
        }
    }

    /** An {@code X509 *} that the caller frees or gives away; 0 if the library cannot read it. */
    static long certificate(byte[] encoded) {
        return decode(D2I_X509, encoded);
    }

    /**
     * An {@code EVP_PKEY *} that the caller frees; 0 if the library cannot read it.
     *
     * @param encoded in PKCS#8
     */
    static long key(byte[] encoded) {
        return decode(D2I_KEY, encoded);
    }

    private static long decode(NativeFunction decoder, byte[] encoded) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(encoded.length);
            MemorySegment.copy(encoded, 0, bytes, ValueLayout.JAVA_BYTE, 0, encoded.length);
            MemorySegment cursor = arena.allocateFrom(ValueLayout.JAVA_LONG, bytes.address());
            long decoded = decoder.call(0, cursor.address(), encoded.length);
            bytes.fill((byte) 0);
            return decoded;
        }
    }

    /** The certificates of a {@code STACK_OF(X509) *}; none of 0. */
    static List<X509Certificate> certificates(long stack) throws CertificateException {
        int count = stack == 0 ? 0 : STACK_SIZE.number(stack);
        List<X509Certificate> chain = new ArrayList<>(Math.max(count, 0));
        for (int i = 0; i < count; i++) {
            chain.add(certificate(STACK_VALUE.call(stack, i)));
        }
        return chain;
    }

    /** The JDK's form of an {@code X509 *}, which stays its owner's. */
    static X509Certificate certificate(long x509) throws CertificateException {
        byte[] encoded = new byte[I2D_X509.number(x509, 0)];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(encoded.length);
            MemorySegment cursor = arena.allocateFrom(ValueLayout.JAVA_LONG, bytes.address());
            I2D_X509.call(x509, cursor.address());
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, 0, encoded, 0, encoded.length);
        }
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(encoded));
    }
}
