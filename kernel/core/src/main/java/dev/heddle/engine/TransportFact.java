package dev.heddle.engine;

import java.net.SocketOption;

/** A fact that an engine may know of a connection, and Java has no option for. */
record TransportFact<T>(String name, Class<T> type) implements SocketOption<T> {}
