package dev.heddle.http;

/** The writer of a body that holds something open, whether or not it is ever run. */
interface HeldBody extends BodyWriter {

    /** Frees what is held; called once the response is over. Does nothing the second time. */
    void release();
}
