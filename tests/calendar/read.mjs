// Prints, for each iCalendar file named, its events as JSON, as ical.js understands them.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const read = (file) =>
  new ICAL.Component(ICAL.parse(readFileSync(file, "utf8")))
    .getAllSubcomponents("vevent")
    .map((component) => {
      const event = new ICAL.Event(component);
      return {
        uid: event.uid,
        sequence: event.sequence,
        start: event.startDate.toJSDate().toISOString(),
        end: event.endDate.toJSDate().toISOString(),
        summary: event.summary,
        description: event.description,
        transp: component.getFirstPropertyValue("transp"),
        status: component.getFirstPropertyValue("status"),
        categories: component.getFirstProperty("categories")?.getValues() ?? [],
        alarms: component
          .getAllSubcomponents("valarm")
          .map((alarm) => alarm.getFirstPropertyValue("trigger").toString()),
      };
    });
console.log(JSON.stringify(process.argv.slice(2).map(read)));
