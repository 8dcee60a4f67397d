package dev.heddle.internal.sight;

/** A mark of handlers of connections whose owner tells these by itself, so that their listener does not, too. */
public interface TellsItself {}
