package dev.heddle.sim;

/** The kinds of network events that a trace tells apart. The codes are part of every trace hash: never change one. */
enum NetworkEvent {
    CONNECT(10),
    REFUSE(11),
    ACCEPT(12),
    SEND(13),
    DELIVER(14),
    READ(15),
    FINISH(16),
    RESET(17),
    CUT(18),
    HOLD(19),
    TIME_OUT(20),
    DATAGRAM(21),
    DROP(22);

    final int code;

    NetworkEvent(int code) {
        this.code = code;
    }
}
