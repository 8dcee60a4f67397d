package dev.heddle.tls.openssl;

/**
 * The functions of connections, {@code SSL *} (SSL_new(3)), and of their sessions, each by its own name. None is linked
 * before {@link Libraries#whyNot} has said that it can be.
 */
final class Ssl {

    static final int ERROR_WANT_READ = 2;
    static final int ERROR_ZERO_RETURN = 6;
    static final int SENT_AND_RECEIVED = 3;
    static final int NO_KEY_UPDATE = -1;
    static final int KEY_UPDATE_NOT_REQUESTED = 0;
    static final int TLS_1_3 = 0x304;

    /** {@code TLS_ST_EARLY_DATA}: a server of TLS 1.3 that has said all and waits for the client's last words. */
    static final int SERVER_HAS_SAID_ALL = 46;

    static final int CTRL_SET_HOST_NAME = 55;
    static final int CTRL_GET_NEGOTIATED_GROUP = 134;

    static final NativeFunction NEW = new NativeFunction("SSL_new");
    static final NativeFunction FREE = new NativeFunction("SSL_free");
    static final NativeFunction SET_BIO = new NativeFunction("SSL_set_bio");
    static final NativeFunction SET_CONNECT_STATE = new NativeFunction("SSL_set_connect_state");
    static final NativeFunction SET_ACCEPT_STATE = new NativeFunction("SSL_set_accept_state");
    static final NativeFunction CTRL = new NativeFunction("SSL_ctrl");
    static final NativeFunction DO_HANDSHAKE = new NativeFunction("SSL_do_handshake");
    static final BytesFunction READ = new BytesFunction("SSL_read");
    static final BytesFunction WRITE = new BytesFunction("SSL_write");
    static final NativeFunction PENDING = new NativeFunction("SSL_pending", true);
    static final NativeFunction SHUTDOWN = new NativeFunction("SSL_shutdown");
    static final NativeFunction SET_SHUTDOWN = new NativeFunction("SSL_set_shutdown", true);
    static final NativeFunction GET_ERROR = new NativeFunction("SSL_get_error", true);
    static final NativeFunction GET_STATE = new NativeFunction("SSL_get_state", true);
    static final NativeFunction KEY_UPDATE = new NativeFunction("SSL_key_update");
    static final NativeFunction GET_KEY_UPDATE_TYPE = new NativeFunction("SSL_get_key_update_type", true);
    static final NativeFunction VERSION = new NativeFunction("SSL_version", true);
    static final NativeFunction SESSION_REUSED = new NativeFunction("SSL_session_reused", true);
    static final NativeFunction GET_CURRENT_CIPHER = new NativeFunction("SSL_get_current_cipher", true);
    static final NativeFunction GET_PENDING_CIPHER = new NativeFunction("SSL_get_pending_cipher", true);
    static final NativeFunction CIPHER_STANDARD_NAME = new NativeFunction("SSL_CIPHER_standard_name", true);
    static final NativeFunction GROUP_TO_NAME = new NativeFunction("SSL_group_to_name", true);
    static final NativeFunction GET0_ALPN_SELECTED = new NativeFunction("SSL_get0_alpn_selected", true);
    static final NativeFunction GET0_PEER_CERTIFICATE = new NativeFunction("SSL_get0_peer_certificate", true);
    static final NativeFunction GET_PEER_CERT_CHAIN = new NativeFunction("SSL_get_peer_cert_chain", true);
    static final NativeFunction SET_SSL_CTX = new NativeFunction("SSL_set_SSL_CTX");
    static final NativeFunction SET_SESSION_ID_CONTEXT = new NativeFunction("SSL_set_session_id_context");
    static final NativeFunction CLIENT_HELLO_GET0_EXT = new NativeFunction("SSL_client_hello_get0_ext");
    static final NativeFunction GET_STORE_INDEX = new NativeFunction("SSL_get_ex_data_X509_STORE_CTX_idx");
    static final NativeFunction GET_SESSION = new NativeFunction("SSL_get_session", true);
    static final NativeFunction GET1_SESSION = new NativeFunction("SSL_get1_session");
    static final NativeFunction SET_SESSION = new NativeFunction("SSL_set_session");
    static final NativeFunction SESSION_IS_RESUMABLE = new NativeFunction("SSL_SESSION_is_resumable", true);
    static final NativeFunction SESSION_FREE = new NativeFunction("SSL_SESSION_free");

    private Ssl() {}
}
