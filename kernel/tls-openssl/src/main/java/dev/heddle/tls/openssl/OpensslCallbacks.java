package dev.heddle.tls.openssl;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The calls of the library into Java, all of them during a step of a handshake, on its thread. Nothing may be thrown
 * through the library: a failure is kept with the handshake.
 */
final class OpensslCallbacks {

    static final long VERIFY;
    static final long CLIENT_HELLO;
    static final long SELECT_PROTOCOL;

    /** {@code SSL_CLIENT_HELLO_SUCCESS}, {@code SSL_CLIENT_HELLO_ERROR}. */
    private static final int HELLO_TAKEN = 1;

    private static final int HELLO_REFUSED = 0;
    private static final int UNRECOGNIZED_NAME = 112;

    /** {@code SSL_TLSEXT_ERR_OK}, {@code _ALERT_FATAL}. */
    private static final int PROTOCOL_CHOSEN = 0;

    private static final int PROTOCOL_REFUSED = 2;

    /** Who takes a step at this moment, by the {@code SSL *}. */
    private static final ConcurrentHashMap<Long, OpensslHandshake> STEPPING = new ConcurrentHashMap<>();

    static {
        ValueLayout pointer = ValueLayout.JAVA_LONG;
        ValueLayout number = ValueLayout.JAVA_INT;
        VERIFY = Libraries.callback(method("verify", long.class, long.class),
                FunctionDescriptor.of(number, pointer, pointer));
        CLIENT_HELLO = Libraries.callback(method("clientHello", long.class, long.class, long.class),
                FunctionDescriptor.of(number, pointer, pointer, pointer));
        SELECT_PROTOCOL = Libraries.callback(
                method("selectProtocol", long.class, long.class, long.class, long.class, int.class, long.class),
                FunctionDescriptor.of(number, pointer, pointer, pointer, pointer, number, pointer));
    }

    private OpensslCallbacks() {}

    private static MethodHandle method(String name, Class<?>... parameters) {
        try {
            return MethodHandles.lookup().findStatic(
                    OpensslCallbacks.class, name, MethodType.methodType(int.class, parameters));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    /** Before a step, to be followed by {@link #leave}; keeps the handshake from the collector meanwhile. */
    static void enter(OpensslHandshake handshake, long ssl) {
        STEPPING.put(ssl, handshake);
    }

    static void leave(long ssl) {
        STEPPING.remove(ssl);
    }

    private static OpensslHandshake stepping(long ssl) {
        OpensslHandshake handshake = STEPPING.get(ssl);
        if (handshake == null) {
            throw new IllegalStateException("no handshake takes a step");
        }
        return handshake;
    }

    /** SSL_CTX_set_cert_verify_callback(3): {@code int f(X509_STORE_CTX *, void *)}. */
    @SuppressWarnings("unused")
    private static int verify(long store, long unused) {
        try {
            long ssl = Crypto.STORE_DATA.call(store, Ssl.GET_STORE_INDEX.number(0));
            OpensslHandshake handshake = stepping(ssl);
            try {
                List<X509Certificate> chain = Crypto.certificates(Crypto.STORE_UNTRUSTED.call(store));
                handshake.verify(chain);
                Crypto.STORE_SET_ERROR.call(store, Refusals.NONE);
                return 1;
            } catch (Throwable e) {
                handshake.refuse(e);
                Crypto.STORE_SET_ERROR.call(store, Refusals.code(e));
                return 0;
            }
        } catch (Throwable e) {
            return 0;
        }
    }

    /** SSL_CTX_set_client_hello_cb(3): {@code int f(SSL *, int *alert, void *)}. */
    @SuppressWarnings("unused")
    private static int clientHello(long ssl, long alert, long unused) {
        try {
            if (stepping(ssl).meet(ServerNameExtension.read(ssl))) {
                return HELLO_TAKEN;
            }
            Libraries.at(alert, Integer.BYTES).set(ValueLayout.JAVA_INT, 0, UNRECOGNIZED_NAME);
            return HELLO_REFUSED;
        } catch (Throwable e) {
            return HELLO_REFUSED;
        }
    }

    /**
     * SSL_CTX_set_alpn_select_cb(3): {@code int f(SSL *, const unsigned char **out, unsigned char *outlen, const
     * unsigned char *in, unsigned int inlen, void *)}.
     */
    @SuppressWarnings("unused")
    private static int selectProtocol(long ssl, long out, long outLength, long in, int inLength, long unused) {
        try {
            MemorySegment offered = Libraries.at(in, inLength);
            for (String protocol : stepping(ssl).protocols()) {
                byte[] wanted = protocol.getBytes(StandardCharsets.ISO_8859_1);
                for (int at = 0; at < inLength; at += 1 + offeredLength(offered, at)) {
                    if (isAt(offered, at, wanted)) {
                        Libraries.at(out, Long.BYTES).set(ValueLayout.JAVA_LONG, 0, in + at + 1);
                        Libraries.at(outLength, 1).set(ValueLayout.JAVA_BYTE, 0, (byte) wanted.length);
                        return PROTOCOL_CHOSEN;
                    }
                }
            }
            return PROTOCOL_REFUSED;
        } catch (Throwable e) {
            return PROTOCOL_REFUSED;
        }
    }

    private static int offeredLength(MemorySegment offered, int at) {
        return Byte.toUnsignedInt(offered.get(ValueLayout.JAVA_BYTE, at));
    }

    private static boolean isAt(MemorySegment offered, int at, byte[] wanted) {
        return offeredLength(offered, at) == wanted.length
                && at + 1 + wanted.length <= offered.byteSize()
                && offered.asSlice(at + 1L, wanted.length).mismatch(MemorySegment.ofArray(wanted)) < 0;
    }
}
