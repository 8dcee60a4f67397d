package dev.heddle.quic.internal;

/** The functions of quiche that are used, each by its own name (quiche.h), and its numbers. */
final class Quiche {

    /** The version of QUIC that it speaks: RFC 9000. */
    static final int PROTOCOL_VERSION = 1;

    static final long DONE = -1;
    static final long STREAM_RESET = -16;

    static final int SHUTDOWN_READ = 0;
    static final int SHUTDOWN_WRITE = 1;

    static final int PATH_IS_NEW = 0;
    static final int PATH_HAS_FAILED = 2;

    static final QuicheFunction CONFIG_NEW = new QuicheFunction("quiche_config_new");
    static final QuicheFunction CONFIG_FREE = new QuicheFunction("quiche_config_free");
    static final QuicheFunction CONFIG_CHAIN = new QuicheFunction("quiche_config_load_cert_chain_from_pem_file");
    static final QuicheFunction CONFIG_KEY = new QuicheFunction("quiche_config_load_priv_key_from_pem_file");
    static final QuicheFunction CONFIG_TRUST = new QuicheFunction("quiche_config_load_verify_locations_from_file");
    static final QuicheFunction CONFIG_VERIFY_PEER = new QuicheFunction("quiche_config_verify_peer");
    static final QuicheFunction CONFIG_PROTOCOLS = new QuicheFunction("quiche_config_set_application_protos");
    static final QuicheFunction CONFIG_TICKET_KEY = new QuicheFunction("quiche_config_set_ticket_key");
    static final QuicheFunction CONFIG_IDLE = new QuicheFunction("quiche_config_set_max_idle_timeout");
    static final QuicheFunction CONFIG_RECEIVE_BYTES = new QuicheFunction(
            "quiche_config_set_max_recv_udp_payload_size");
    static final QuicheFunction CONFIG_SEND_BYTES = new QuicheFunction("quiche_config_set_max_send_udp_payload_size");
    static final QuicheFunction CONFIG_DATA = new QuicheFunction("quiche_config_set_initial_max_data");
    static final QuicheFunction CONFIG_DATA_LOCAL = new QuicheFunction(
            "quiche_config_set_initial_max_stream_data_bidi_local");
    static final QuicheFunction CONFIG_DATA_REMOTE = new QuicheFunction(
            "quiche_config_set_initial_max_stream_data_bidi_remote");
    static final QuicheFunction CONFIG_STREAMS = new QuicheFunction("quiche_config_set_initial_max_streams_bidi");
    static final QuicheFunction CONFIG_DATA_ONE_WAY = new QuicheFunction(
            "quiche_config_set_initial_max_stream_data_uni");
    static final QuicheFunction CONFIG_STREAMS_ONE_WAY = new QuicheFunction(
            "quiche_config_set_initial_max_streams_uni");
    static final QuicheFunction CONFIG_WINDOW = new QuicheFunction("quiche_config_set_max_connection_window");
    static final QuicheFunction CONFIG_STREAM_WINDOW = new QuicheFunction("quiche_config_set_max_stream_window");
    static final QuicheFunction CONFIG_PATHS = new QuicheFunction(
            "quiche_config_set_active_connection_id_limit");
    static final QuicheFunction CONFIG_DATAGRAMS = new QuicheFunction("quiche_config_enable_dgram");
    static final QuicheFunction CONFIG_PACING = new QuicheFunction("quiche_config_enable_pacing");
    static final QuicheFunction CONFIG_PACING_RATE = new QuicheFunction("quiche_config_set_max_pacing_rate");

    static final WideFunction ACCEPT = new WideFunction("quiche_accept");
    static final WideFunction CONNECT = new WideFunction("quiche_connect");
    static final WideFunction RETRY = new WideFunction("quiche_retry");
    static final QuicheFunction NEGOTIATE = new QuicheFunction("quiche_negotiate_version");

    static final QuicheFunction FREE = new QuicheFunction("quiche_conn_free");
    static final QuicheFunction RECEIVE = new QuicheFunction("quiche_conn_recv");
    static final QuicheFunction SEND = new QuicheFunction("quiche_conn_send");
    static final QuicheFunction TIMEOUT = new QuicheFunction("quiche_conn_timeout_as_nanos");
    static final QuicheFunction ON_TIMEOUT = new QuicheFunction("quiche_conn_on_timeout");
    static final QuicheFunction CLOSE = new QuicheFunction("quiche_conn_close");
    static final QuicheFunction IS_ESTABLISHED = new QuicheFunction("quiche_conn_is_established", true);
    static final QuicheFunction IS_CLOSED = new QuicheFunction("quiche_conn_is_closed", true);
    static final QuicheFunction IS_DRAINING = new QuicheFunction("quiche_conn_is_draining", true);
    static final QuicheFunction IS_TIMED_OUT = new QuicheFunction("quiche_conn_is_timed_out", true);
    static final QuicheFunction PEER_ERROR = new QuicheFunction("quiche_conn_peer_error", true);
    static final QuicheFunction LOCAL_ERROR = new QuicheFunction("quiche_conn_local_error", true);
    static final QuicheFunction PEER_CERTIFICATE = new QuicheFunction("quiche_conn_peer_cert");
    static final QuicheFunction SESSION = new QuicheFunction("quiche_conn_session", true);
    static final QuicheFunction SET_SESSION = new QuicheFunction("quiche_conn_set_session");
    static final QuicheFunction IS_RESUMED = new QuicheFunction("quiche_conn_is_resumed", true);
    static final QuicheFunction SERVER_NAME = new QuicheFunction("quiche_conn_server_name", true);
    static final QuicheFunction SEND_PING = new QuicheFunction("quiche_conn_send_ack_eliciting");
    static final QuicheFunction PROTOCOL = new QuicheFunction("quiche_conn_application_proto", true);

    static final QuicheFunction IDS_LEFT = new QuicheFunction("quiche_conn_scids_left", true);
    static final QuicheFunction NEW_ID = new QuicheFunction("quiche_conn_new_scid");
    static final QuicheFunction RETIRED_IDS = new QuicheFunction(
            QuicheLibrary.IS_NEWEST ? "quiche_conn_retired_scid_iter" : "quiche_conn_retired_scid_next");
    static final QuicheFunction RETIRED_IDS_FREE = new QuicheFunction("quiche_connection_id_iter_free");
    static final QuicheFunction PATH_EVENT = new QuicheFunction("quiche_conn_path_event_next");
    static final QuicheFunction PATH_EVENT_TYPE = new QuicheFunction("quiche_path_event_type");
    static final QuicheFunction PATH_EVENT_FREE = new QuicheFunction("quiche_path_event_free");

    static final QuicheFunction PROBE_PATH = new QuicheFunction("quiche_conn_probe_path");
    static final WideFunction SEND_ON_PATH = new WideFunction("quiche_conn_send_on_path");

    static final QuicheFunction DATAGRAM_ROOM = new QuicheFunction("quiche_conn_dgram_max_writable_len", true);
    static final QuicheFunction DATAGRAM_LENGTH = new QuicheFunction("quiche_conn_dgram_recv_front_len", true);
    static final QuicheFunction DATAGRAM_RECEIVE = new QuicheFunction("quiche_conn_dgram_recv");
    static final QuicheFunction DATAGRAM_SEND = new QuicheFunction("quiche_conn_dgram_send");

    static final QuicheFunction STREAMS_LEFT = new QuicheFunction("quiche_conn_peer_streams_left_bidi", true);
    static final QuicheFunction READABLE_NEXT = new QuicheFunction("quiche_conn_stream_readable_next", true);
    static final QuicheFunction WRITABLE_NEXT = new QuicheFunction("quiche_conn_stream_writable_next", true);
    static final QuicheFunction STREAM_READABLE = new QuicheFunction("quiche_conn_stream_readable", true);
    static final QuicheFunction STREAM_FINISHED = new QuicheFunction("quiche_conn_stream_finished", true);
    static final QuicheFunction STATISTICS = new QuicheFunction("quiche_conn_stats", true);
    static final QuicheFunction PATH_STATISTICS = new QuicheFunction("quiche_conn_path_stats", true);
    static final QuicheFunction STREAM_CAPACITY = new QuicheFunction("quiche_conn_stream_capacity", true);
    static final QuicheFunction STREAM_RECEIVE = new QuicheFunction("quiche_conn_stream_recv");
    static final QuicheFunction STREAM_SEND = new QuicheFunction("quiche_conn_stream_send");
    static final QuicheFunction STREAM_PRIORITY = new QuicheFunction("quiche_conn_stream_priority", true);
    static final QuicheFunction STREAM_SHUTDOWN = new QuicheFunction("quiche_conn_stream_shutdown");

    private Quiche() {}
}
