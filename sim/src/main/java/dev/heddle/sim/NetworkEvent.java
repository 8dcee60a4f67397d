package dev.heddle.sim;

/** What a trace tells apart in the network. The order is part of every trace hash: add at the end only. */
enum NetworkEvent {
    CONNECT, REFUSE, ACCEPT, SEND, DELIVER, READ, FINISH, RESET, CUT, HOLD, TIME_OUT
}
