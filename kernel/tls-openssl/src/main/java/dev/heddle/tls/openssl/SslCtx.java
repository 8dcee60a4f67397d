package dev.heddle.tls.openssl;

/** The functions of contexts, {@code SSL_CTX *} (SSL_CTX_new(3)), each by its own name, and their constants. */
final class SslCtx {

    static final int CTRL_MODE = 33;
    static final int CTRL_SESSION_CACHE_SIZE = 42;
    static final int CTRL_SESSION_CACHE_MODE = 44;
    static final int CTRL_MAX_CERT_LIST = 51;
    static final int CTRL_TICKET_KEYS = 59;
    static final int CTRL_CHAIN_CERTIFICATE = 89;
    static final int CTRL_GROUPS_LIST = 92;
    static final int CTRL_MIN_VERSION = 123;
    static final int CTRL_MAX_VERSION = 124;

    static final long MODE_PARTIAL_WRITE = 0x1;
    static final long MODE_MOVING_WRITE_BUFFER = 0x2;
    static final long MODE_NO_AUTO_CHAIN = 0x8;
    static final long MODE_RELEASE_BUFFERS = 0x10;

    static final long OP_NO_TICKET = 1L << 14;
    static final long OP_NO_COMPRESSION = 1L << 17;
    static final long OP_SERVER_PREFERENCE = 1L << 22;
    static final long OP_NO_RENEGOTIATION = 1L << 30;

    static final int VERIFY_NONE = 0;
    static final int VERIFY_PEER = 1;
    static final int VERIFY_FAIL_IF_NONE = 2;

    static final int CACHE_OFF = 0;
    static final int CACHE_SERVER = 2;

    static final NativeFunction METHOD = new NativeFunction("TLS_method");
    static final NativeFunction NEW = new NativeFunction("SSL_CTX_new");
    static final NativeFunction FREE = new NativeFunction("SSL_CTX_free");
    static final NativeFunction CTRL = new NativeFunction("SSL_CTX_ctrl");
    static final NativeFunction SET_OPTIONS = new NativeFunction("SSL_CTX_set_options");
    static final NativeFunction SET_SECURITY_LEVEL = new NativeFunction("SSL_CTX_set_security_level");
    static final NativeFunction SET_CIPHER_LIST = new NativeFunction("SSL_CTX_set_cipher_list");
    static final NativeFunction SET_CIPHERSUITES = new NativeFunction("SSL_CTX_set_ciphersuites");
    static final NativeFunction USE_CERTIFICATE = new NativeFunction("SSL_CTX_use_certificate");
    static final NativeFunction USE_PRIVATE_KEY = new NativeFunction("SSL_CTX_use_PrivateKey");
    static final NativeFunction SET_VERIFY = new NativeFunction("SSL_CTX_set_verify");
    static final NativeFunction SET_VERIFY_CALLBACK = new NativeFunction("SSL_CTX_set_cert_verify_callback");
    static final NativeFunction SET_CLIENT_HELLO_CALLBACK = new NativeFunction("SSL_CTX_set_client_hello_cb");
    static final NativeFunction SET_ALPN_CALLBACK = new NativeFunction("SSL_CTX_set_alpn_select_cb");
    static final NativeFunction SET_ALPN_PROTOCOLS = new NativeFunction("SSL_CTX_set_alpn_protos");
    static final NativeFunction SET_NUM_TICKETS = new NativeFunction("SSL_CTX_set_num_tickets");
    static final NativeFunction SET_TIMEOUT = new NativeFunction("SSL_CTX_set_timeout");
    static final NativeFunction ADD_CLIENT_CA = new NativeFunction("SSL_CTX_add_client_CA");

    private SslCtx() {}
}
