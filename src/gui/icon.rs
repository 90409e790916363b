//! Icons as strokes on a grid of sixteen, crisp at every scale.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, pos2};

/// An icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "an icon is its name")]
pub enum Icon {
    Applications,
    Apis,
    Preview,
    Tokens,
    Trials,
    Guardrails,
    History,
    Connections,
    Settings,
    Menu,
    Search,
    Check,
    ChevronDown,
    /// Something that is folded.
    ChevronRight,
}

enum Part {
    Line(&'static [(f32, f32)]),
    Closed(&'static [(f32, f32)]),
    Circle(f32, f32, f32),
    Dot(f32, f32, f32),
}

impl Icon {
    fn parts(self) -> &'static [Part] {
        use Part::{Circle, Closed, Dot, Line};
        match self {
            Self::Applications => &[
                Closed(&[(2.0, 2.0), (7.0, 2.0), (7.0, 7.0), (2.0, 7.0)]),
                Closed(&[(9.5, 2.0), (14.5, 2.0), (14.5, 7.0), (9.5, 7.0)]),
                Closed(&[(2.0, 9.5), (7.0, 9.5), (7.0, 14.5), (2.0, 14.5)]),
                Closed(&[(9.5, 9.5), (14.5, 9.5), (14.5, 14.5), (9.5, 14.5)]),
            ],
            Self::Apis => &[
                Line(&[(2.5, 3.0), (13.5, 3.0)]),
                Line(&[(2.5, 8.0), (13.5, 8.0)]),
                Line(&[(2.5, 13.0), (13.5, 13.0)]),
                Dot(6.0, 3.0, 1.8),
                Dot(11.0, 8.0, 1.8),
                Dot(5.0, 13.0, 1.8),
            ],
            Self::Tokens => &[
                Circle(4.5, 8.0, 2.8),
                Line(&[(7.3, 8.0), (14.2, 8.0)]),
                Line(&[(11.0, 8.0), (11.0, 10.8)]),
                Line(&[(13.6, 8.0), (13.6, 10.2)]),
            ],
            Self::Menu => &[
                Line(&[(2.0, 4.0), (14.0, 4.0)]),
                Line(&[(2.0, 8.0), (14.0, 8.0)]),
                Line(&[(2.0, 12.0), (14.0, 12.0)]),
            ],
            Self::Preview => &[
                Closed(&[
                    (1.5, 8.0),
                    (3.2, 5.6),
                    (5.4, 4.1),
                    (8.0, 3.5),
                    (10.6, 4.1),
                    (12.8, 5.6),
                    (14.5, 8.0),
                    (12.8, 10.4),
                    (10.6, 11.9),
                    (8.0, 12.5),
                    (5.4, 11.9),
                    (3.2, 10.4),
                ]),
                Circle(8.0, 8.0, 1.9),
            ],
            Self::Trials => &[
                Line(&[(1.5, 3.5), (8.0, 3.5)]),
                Line(&[(4.5, 8.0), (14.5, 8.0)]),
                Line(&[(2.5, 12.5), (10.5, 12.5)]),
                Line(&[(10.5, 1.5), (10.5, 5.5)]),
            ],
            Self::Guardrails => &[Closed(&[
                (8.0, 1.5),
                (13.5, 3.4),
                (13.5, 8.0),
                (11.6, 11.8),
                (8.0, 14.5),
                (4.4, 11.8),
                (2.5, 8.0),
                (2.5, 3.4),
            ])],
            Self::History => &[Circle(8.0, 8.0, 6.0), Line(&[(8.0, 4.5), (8.0, 8.0), (10.5, 9.6)])],
            Self::Settings => &[
                Circle(8.0, 8.0, 2.4),
                Line(&[(8.0, 1.6), (8.0, 3.6)]),
                Line(&[(8.0, 12.4), (8.0, 14.4)]),
                Line(&[(1.6, 8.0), (3.6, 8.0)]),
                Line(&[(12.4, 8.0), (14.4, 8.0)]),
                Line(&[(3.5, 3.5), (4.9, 4.9)]),
                Line(&[(11.1, 11.1), (12.5, 12.5)]),
                Line(&[(3.5, 12.5), (4.9, 11.1)]),
                Line(&[(11.1, 4.9), (12.5, 3.5)]),
            ],
            Self::Connections => &[
                Line(&[(6.2, 9.8), (9.8, 6.2)]),
                Line(&[
                    (7.4, 4.6),
                    (9.4, 2.6),
                    (11.2, 2.2),
                    (12.8, 3.2),
                    (13.8, 4.8),
                    (13.4, 6.6),
                    (11.4, 8.6),
                ]),
                Line(&[
                    (8.6, 11.4),
                    (6.6, 13.4),
                    (4.8, 13.8),
                    (3.2, 12.8),
                    (2.2, 11.2),
                    (2.6, 9.4),
                    (4.6, 7.4),
                ]),
            ],
            Self::Search => &[Circle(7.0, 7.0, 4.2), Line(&[(10.2, 10.2), (13.6, 13.6)])],
            Self::Check => &[Line(&[(3.2, 8.4), (6.6, 11.6), (12.8, 4.6)])],
            Self::ChevronDown => &[Line(&[(4.0, 6.2), (8.0, 10.2), (12.0, 6.2)])],
            Self::ChevronRight => &[Line(&[(6.2, 4.0), (10.2, 8.0), (6.2, 12.0)])],
        }
    }

    /// Draws it into a rectangle.
    pub fn paint(self, painter: &Painter, rect: Rect, colour: Color32) {
        let unit = rect.width() / 16.0;
        let stroke = Stroke::new((1.5 * unit).max(1.0), colour);
        let place = |(x, y): (f32, f32)| -> Pos2 { pos2(rect.left() + x * unit, rect.top() + y * unit) };
        for part in self.parts() {
            painter.add(match part {
                Part::Line(points) => Shape::line(points.iter().copied().map(place).collect(), stroke),
                Part::Closed(points) => {
                    Shape::closed_line(points.iter().copied().map(place).collect(), stroke)
                }
                Part::Circle(x, y, r) => Shape::circle_stroke(place((*x, *y)), r * unit, stroke),
                Part::Dot(x, y, r) => Shape::circle_filled(place((*x, *y)), r * unit, colour),
            });
        }
    }
}
