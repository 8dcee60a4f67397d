package dev.heddle.sync;

/** The padding in front of a {@link RingEnd}. */
class RingEndSpace {

    long before1, before2, before3, before4, before5, before6, before7, before8;
}
