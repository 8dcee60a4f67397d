package dev.heddle.http.gateway;

import java.util.List;

/** A client of a simulated day, on a host of its own. */
interface DayVisitor extends AutoCloseable {

    /** Asks, and writes down what has come of it. */
    void visit(List<DayExchange> exchanges);

    @Override
    void close();
}
